#include "support/postgres_cuts.hpp"
#include "support/records.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using enum booking_act;

class postgres_bulk_load : public store_test<postgres_stores> {
protected:
    std::vector<flight> planned = given(via_bombay());

    [[nodiscard]] result<void> load(std::vector<booking_record> const& records)
    {
        return load_bookings(*backend.database, records);
    }
    [[nodiscard]] std::size_t bookings_in_the_store() { return store.list({}).value().total; }
    void expect_stored(booking_record const& record)
    {
        auto const& ref = record.now.terms.ref;
        EXPECT_EQ(find_one(store, ref).value(), record.now);
        EXPECT_EQ(history_of(store, ref).value(), record.history);
    }
    void expect_refused(std::vector<booking_record> const& records, errc code,
                        std::string_view word)
    {
        auto const loaded = load(records);
        ASSERT_TRUE(loaded.has_error());
        EXPECT_EQ(loaded.error().code, code);
        EXPECT_NE(loaded.error().detail.find(word), std::string::npos) << loaded.error().detail;
    }
    [[nodiscard]] booking_record along_the_plan() const
    {
        return record_of(a_booking("ACB10001", planned),
                         {command_of(depart), command_of(arrive, "BOM"), command_of(depart),
                          command_of(arrive), command_of(deliver)});
    }
};

TEST_F(postgres_bulk_load, is_read_back_as_it_was)
{
    std::vector const records{
        along_the_plan(),
        record_of(a_booking("ACB10002")),
        record_of(a_booking("ACB10003", planned), {command_of(depart)}),
        record_of(a_booking("ACB10004"), {command_of(depart), command_of(cancel)}),
        record_of(a_booking("ACB10005", planned), {off_plan(command_of(depart, "DOH"))}),
    };
    ASSERT_EQ(code_of(load(records)), accepted);
    for (auto const& record : records) expect_stored(record);
}

TEST_F(postgres_bulk_load, is_listed_with_later_records_first)
{
    std::vector const records{record_of(a_booking("ACB10003")), record_of(a_booking("ACB10001")),
                              record_of(a_booking("ACB10002", {}, noon - std::chrono::hours(1)))};
    ASSERT_EQ(code_of(load(records)), accepted);

    auto const page = store.list({}).value();
    EXPECT_EQ(page.items, (std::vector{records[1].now, records[0].now, records[2].now}));
    EXPECT_EQ(page.total, 3U);
}

TEST_F(postgres_bulk_load, goes_on_with_acts_and_new_bookings)
{
    ASSERT_EQ(code_of(load({record_of(a_booking("ACB10001", planned), {command_of(depart)})})),
              accepted);
    auto const seen = now(a_booking("ACB10001"));

    auto const landed = apply_one(store, decided(seen, command_of(arrive, "BOM"))).value();
    EXPECT_EQ(apply_one(store, test::depart(landed)).value().revision, 4);
    EXPECT_EQ(code_of(apply_one(store, test::cancel(seen))), errc::stale_revision);
    EXPECT_EQ(events_of(seen), 4U);
    EXPECT_EQ(code_of(apply_one(store, creation_of(a_booking("ACB10001")))), errc::already_exists);
    (void)stored(a_booking("ACB10002"));
    EXPECT_EQ(bookings_in_the_store(), 2U);
}

TEST_F(postgres_bulk_load, takes_no_records_at_all)
{
    EXPECT_EQ(code_of(load({})), accepted);
    EXPECT_EQ(bookings_in_the_store(), 0U);
}

TEST_F(postgres_bulk_load, takes_thousands_at_once)
{
    std::vector<booking_record> records;
    for (int i = 0; i < 5000; ++i)
        records.push_back(record_of(a_booking("ACB" + std::to_string(20'000 + i), planned),
                                    {command_of(depart), command_of(arrive)},
                                    {.notes = std::string(300, 'n')}));
    ASSERT_EQ(code_of(load(records)), accepted);
    EXPECT_EQ(bookings_in_the_store(), 5000U);
    for (std::size_t i : {0, 2500, 4999}) expect_stored(records[i]);
}

TEST_F(postgres_bulk_load, keeps_every_weight)
{
    std::vector<booking_record> records;
    constexpr std::int64_t heaviest = weight::max_kg * 1000;
    for (std::int64_t grams : std::initializer_list<std::int64_t>{
             1, 9, 10, 999, 1000, 1001, 340'500, 9'999'999, 10'000'000, 10'000'001, 123'456'789,
             heaviest - 1, heaviest}) {
        auto b = a_booking("ACB" + std::to_string(10'000 + records.size()));
        b.terms.gross = weight::from_grams(grams).value();
        records.push_back(record_of(b));
    }
    ASSERT_EQ(code_of(load(records)), accepted);
    for (auto const& record : records) expect_stored(record);
    // As the server reads them, too.
    EXPECT_EQ(run_sql(backend.prepared.owner_url,
                      "SELECT weight_kg::text FROM bookings WHERE ref_id IN ('ACB10000', "
                      "'ACB10006', 'ACB10012') ORDER BY ref_id"),
              "0.001\n340.500\n1000000.000\n");
}

TEST_F(postgres_bulk_load, keeps_the_largest_terms_and_odd_times)
{
    auto terms = terms_of("ACB99999999999999999");
    terms.pieces = booking_terms::max_pieces;
    auto const last = book(terms, {}, at("9999-12-31T23:59:59")).value();
    auto const early = a_booking("ACB00000", {}, at("1914-01-01T00:00"));
    std::vector const records{booking_record{open_booking(terms, last), {last}}, record_of(early)};
    ASSERT_EQ(code_of(load(records)), accepted);
    for (auto const& record : records) expect_stored(record);
}

TEST_F(postgres_bulk_load, keeps_words_of_any_language)
{
    auto const record =
        record_of(a_booking("ACB10001"), {noted("\\N \\. \t\n", command_of(depart))},
                  {.notes = "Vorsicht: Öl! 易碎 😀 \"quoted\", 'single', \\ back",
                   .actor = "मीरा",
                   .request_id = "req-ÿ"});
    ASSERT_EQ(code_of(load({record})), accepted);
    expect_stored(record);
}

TEST_F(postgres_bulk_load, is_all_or_nothing)
{
    ASSERT_EQ(code_of(load({record_of(a_booking("ACB10002"))})), accepted);

    expect_refused({record_of(a_booking("ACB10001")), record_of(a_booking("ACB10002")),
                    record_of(a_booking("ACB10003"))},
                   errc::already_exists, "ACB10002");
    EXPECT_EQ(bookings_in_the_store(), 1U);
    ASSERT_EQ(code_of(load({along_the_plan()})), accepted);  // on the same connection
}

TEST_F(postgres_bulk_load, refuses_a_reference_that_comes_twice)
{
    expect_refused({along_the_plan(), record_of(a_booking("ACB10001"))}, errc::already_exists,
                   "ACB10001");
    EXPECT_EQ(bookings_in_the_store(), 0U);
}

TEST_F(postgres_bulk_load, refuses_a_flight_that_is_not_stored)
{
    auto strange = planned;
    strange[1].id = flight_id(4711);
    expect_refused({along_the_plan(), record_of(a_booking("ACB10002", strange))}, errc::not_found,
                   "4711");
    auto const by_event =
        record_of(a_booking("ACB10003"), {on(strange[1], off_plan(command_of(depart)))});
    expect_refused({by_event}, errc::not_found, "4711");
    EXPECT_EQ(bookings_in_the_store(), 0U);
}

TEST_F(postgres_bulk_load, refuses_a_history_that_does_not_add_up)
{
    auto const good = along_the_plan();
    auto other_now = good;
    other_now.now.at = airport("DEL");
    auto event_missing = good;
    event_missing.history.erase(event_missing.history.begin() + 1);
    auto no_history = good;
    no_history.history.clear();
    auto not_text = good;
    not_text.history[2].notes = "\xff";
    auto no_pieces = good;
    no_pieces.now.terms.pieces = 0;
    for (auto const& bad : {other_now, event_missing, no_history, not_text, no_pieces})
        expect_refused({record_of(a_booking("ACB10009")), bad}, errc::invalid_request, "ACB10001");
    EXPECT_EQ(bookings_in_the_store(), 0U);
}

/// A load through a proxy, at which any request of it can be lost.
class postgres_bulk_load_through_a_bad_network : public postgres_bulk_load {
protected:
    postgres_cuts cuts;
    fault_proxy proxy{port_of_url(backend.prepared.url), cuts.watch()};
    std::shared_ptr<postgres_database> database =
        postgres_database::open(
            through_port(backend.prepared.url, proxy.port()),
            {.connections = 1, .answer_timeout = std::chrono::milliseconds(500)})
            .value();
    int next = 10'000;

    [[nodiscard]] booking_record another()
    {
        return record_of(a_booking("ACB" + std::to_string(next++), planned));
    }
    [[nodiscard]] result<void> load_one(booking_record const& record)
    {
        return load_bookings(*database, std::vector{record});
    }
    [[nodiscard]] unsigned requests_of_a_load()
    {
        (void)load_one(another());  // connects
        cuts.only_count();
        (void)load_one(another());
        return cuts.requests();
    }
};

TEST_F(postgres_bulk_load_through_a_bad_network, tells_what_became_of_it_wherever_it_is_cut)
{
    auto const requests = requests_of_a_load();
    for (unsigned n = 1; n <= requests; ++n) {
        for (bool done : {false, true}) {
            (void)load_one(another());  // connects
            done ? cuts.after(n) : cuts.before(n);
            auto const record = another();
            auto const loaded = load_one(record);

            EXPECT_EQ(find_one(store, record.now.terms.ref).has_value(), loaded.has_value())
                << "cut " << (done ? "after " : "before ") << n;
            if (loaded.has_error()) EXPECT_EQ(loaded.error().code, errc::backend_down);
        }
    }
    EXPECT_GE(database->counts().settled, 2U) << "the commit was cut before and after it was done";
    EXPECT_EQ(database->counts().unsettled, 0U);
}

}  // namespace
}  // namespace aircargo::test
