#include "backends/stores.hpp"
#include <aircargo/store/memory.hpp>
#include <aircargo/store/sqlite.hpp>

namespace aircargo::server {

result<stores> open_stores(config const& c, old_schema what)
{
    switch (c.store) {
        case store_kind::memory:
            return stores{make_booking_store<memory_booking_store>(),
                          make_flight_store<memory_flight_store>(), std::nullopt};
        case store_kind::sqlite: {
            auto const database =
                sqlite_database::open(c.sqlite_path, {.migrate = what == old_schema::migrate});
            if (!database) return database.error();
            return stores{make_booking_store<sqlite_booking_store>(*database),
                          make_flight_store<sqlite_flight_store>(*database),
                          (*database)->schema_version()};
        }
        case store_kind::postgres: return open_postgres_stores(c, what);
    }
    return refuse(errc::invalid_request, "no such store");
}

}  // namespace aircargo::server
