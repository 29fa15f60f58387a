#pragma once

#include "support/backend_names.hpp"
#include "support/postgres_stores.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/store/memory.hpp>
#include <aircargo/store/memory_answer_store.hpp>
#include <aircargo/store/memory_webhook_store.hpp>
#include <aircargo/store/sqlite.hpp>
#include <gtest/gtest.h>
#include <memory>
#include <string>

/// The backends that the contract suites run on, each fresh for every test. A new backend is one
/// struct and one word in `store_backends`.
namespace aircargo::test {

struct memory_stores {
    std::unique_ptr<any_booking_store> bookings = make_booking_store<memory_booking_store>();
    std::unique_ptr<any_flight_store> flights = make_flight_store<memory_flight_store>();
    std::unique_ptr<any_account_store> accounts = make_account_store<memory_account_store>();
    std::unique_ptr<any_webhook_store> webhooks = make_webhook_store<memory_webhook_store>();
    std::unique_ptr<any_answer_store> answers = make_answer_store<memory_answer_store>();

    static constexpr bool knows_its_flights = false;  ///< bookings and flights are strangers
    static constexpr bool undoes = false;             ///< what came before a refusal stays
    static constexpr char const* name = "memory";
};

struct sqlite_stores {
    temp_folder folder{};
    std::shared_ptr<sqlite_database> database =
        sqlite_database::open(folder / "aircargo.db").value();
    std::unique_ptr<any_booking_store> bookings =
        make_booking_store<sqlite_booking_store>(database);
    std::unique_ptr<any_flight_store> flights = make_flight_store<sqlite_flight_store>(database);
    std::unique_ptr<any_account_store> accounts =
        make_account_store<sqlite_account_store>(database);
    std::unique_ptr<any_webhook_store> webhooks =
        make_webhook_store<sqlite_webhook_store>(database);
    std::unique_ptr<any_answer_store> answers = make_answer_store<sqlite_answer_store>(database);

    static constexpr bool knows_its_flights = true;
    static constexpr bool undoes = true;
    static constexpr char const* name = "sqlite";
};

using store_backends = ::testing::Types<memory_stores, sqlite_stores, postgres_stores>;

}  // namespace aircargo::test
