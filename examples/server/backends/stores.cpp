#include "backends/stores.hpp"
#include <aircargo/store/memory.hpp>
#include <aircargo/store/memory_answer_store.hpp>
#include <aircargo/store/memory_webhook_store.hpp>
#include <aircargo/store/sqlite.hpp>
#include <cstddef>
#include <thread>

namespace aircargo::server {
namespace {

[[nodiscard]] sqlite_options options_of(old_schema what)
{
    sqlite_options o;
    // Who may read at once: three of the desk and the look-ups of its writer; flights by number,
    // the schedule by its thread and behind an import, two signs of life; figures; streams;
    // webhooks by their relay and their routes; who a caller is, and two about accounts.
    constexpr std::size_t always = 16;
    auto const hashing_passwords = std::thread::hardware_concurrency();
    o.readers = always + hashing_passwords;
    o.migrate = what == old_schema::migrate;
    return o;
}

[[nodiscard]] result<stores> open_kind(config const& c, old_schema what)
{
    switch (c.store) {
        case store_kind::memory:
            return stores{make_booking_store<memory_booking_store>(),
                          make_flight_store<memory_flight_store>(),
                          make_account_store<memory_account_store>(),
                          make_webhook_store<memory_webhook_store>(),
                          make_answer_store<memory_answer_store>(),
                          std::nullopt};
        case store_kind::sqlite: {
            auto const database = sqlite_database::open(c.sqlite_path, options_of(what));
            if (!database) return database.error();
            return stores{make_booking_store<sqlite_booking_store>(*database),
                          make_flight_store<sqlite_flight_store>(*database),
                          make_account_store<sqlite_account_store>(*database),
                          make_webhook_store<sqlite_webhook_store>(*database),
                          make_answer_store<sqlite_answer_store>(*database),
                          (*database)->schema_version()};
        }
        case store_kind::postgres: return open_postgres_stores(c, what);
    }
    return refuse(errc::invalid_request, "no such store");
}

}  // namespace

result<stores> open_stores(config const& c, old_schema what)
{
    auto opened = open_kind(c, what);
    if (opened || opened.error().code != errc::invalid_request || c.migrate) return opened;
    return refuse(errc::invalid_request,
                  opened.error().detail +
                      " (--no-migrate (AIRCARGO_MIGRATE) keeps this start from it; "
                      "aircargo-server migrate does it)");
}

}  // namespace aircargo::server
