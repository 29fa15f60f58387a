#include "backends/stores.hpp"
#include <aircargo/lock/postgres.hpp>
#include <aircargo/store/postgres.hpp>

namespace aircargo::server {

result<stores> open_postgres_stores(config const& c, old_schema what)
{
    postgres_options options;
    options.connections = c.store_connections;
    options.list_url = c.postgres_list_url;
    options.migrate = what == old_schema::migrate;
    auto const database = postgres_database::open(c.postgres_url, options);
    if (!database) return database.error();
    stores opened{
        make_booking_store<postgres_booking_store>(*database),
        make_flight_store<postgres_flight_store>(*database),
        make_account_store<postgres_account_store>(*database),
        make_webhook_store<postgres_webhook_store>(*database),
        make_answer_store<postgres_answer_store>(*database),
        (*database)->schema_version(),
        [database = *database](std::string const& role) {
            return grant_service_role(*database, role);
        },
        [database = *database] { return make_lock_manager<postgres_lock_manager>(database); },
        [database = *database] { return database->counts(); },
        [database = *database] { return database->takes_changes(); }};
    if (!c.postgres_list_url.empty())
        opened.check_replica = [database = *database] { return database->check_replica(); };
    return opened;
}

result<void> check_store_url(std::string const& url) { return check_postgres_url(url); }

}  // namespace aircargo::server
