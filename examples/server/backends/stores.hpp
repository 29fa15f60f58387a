#pragma once

#include "config/config.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/store/account_store.hpp>
#include <aircargo/store/answer_store.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <aircargo/store/postgres.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace aircargo::server {

/// The stores that the settings name.
struct stores {
    std::unique_ptr<any_booking_store> bookings;
    std::unique_ptr<any_flight_store> flights;
    std::unique_ptr<any_account_store> accounts;
    std::unique_ptr<any_webhook_store> webhooks;
    std::unique_ptr<any_answer_store> answers;
    std::optional<int> schema_version;  ///< nothing for a store that has no schema
    /// Lets a role of the database server use the store; empty for a store that has no roles.
    std::function<result<void>(std::string const& role)> grant{};
    /// Makes locks for all who use the store; empty for a store that has none.
    std::function<std::unique_ptr<any_lock_manager>()> locks{};
    /// How its connections are doing; empty for a store that has none.
    std::function<postgres_counts()> connections{};
    /// A sign of life, and whether changes can be made there; empty for a store that always takes
    /// them.
    std::function<result<bool>()> takes_changes{};
    /// A sign of life of the replica that lists are read from; empty where there is none.
    std::function<result<void>()> check_replica{};
};

enum class old_schema { migrate, refuse };
[[nodiscard]] inline old_schema old_schema_of(config const& c)
{
    return c.migrate ? old_schema::migrate : old_schema::refuse;
}

/// \return the stores, or `backend_down`, `invalid_request`
[[nodiscard]] result<stores> open_stores(config const& c, old_schema what);

/// \pre the store is postgres. `invalid_request` when the program was built without it
[[nodiscard]] result<stores> open_postgres_stores(config const& c, old_schema what);

/// \return `invalid_request` with a sentence that shows no password, also when the program was
/// built without PostgreSQL
[[nodiscard]] result<void> check_store_url(std::string const& url);

}  // namespace aircargo::server
