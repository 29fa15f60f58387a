#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// Lists of a store with an hour between any two bookings, and what SQLite does for them.
class sqlite_list : public ::testing::Test {
protected:
    heard_statements heard;
    sqlite_stores stores;

    void given_bookings(int count)
    {
        std::vector<change> changes;
        for (int i = 1; i <= count; ++i)
            changes.push_back(
                creation_of(a_booking("ACB" + std::to_string(20'000 + i), {}, noon + i * 1h)));
        (void)stores.bookings->apply(changes);
    }
    std::vector<heard_statements::statement> statements_of(booking_query const& query)
    {
        (void)heard.take("");
        EXPECT_EQ(code_of(stores.bookings->list(query)), accepted);
        return heard.take("created_at, id) <");
    }
    int work_of(booking_query query)
    {
        query.count_up_to = 0;
        auto const page = statements_of(query);
        return page.size() == 1 ? page.front().work : 0;
    }
    /// Each look at bookings is by this index, and nothing is sorted.
    void expect_served_by(std::string const& index, booking_query const& query)
    {
        auto const statements = statements_of(query);
        ASSERT_EQ(statements.size(), 2U) << "a count and a page";
        for (auto const& s : statements) {
            int looks = 0;
            for (auto const& step : plan_of(stores.folder / "aircargo.db", s.sql)) {
                EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step << "\n" << s.sql;
                if (step.find(" bookings") == std::string::npos) continue;
                ++looks;
                EXPECT_NE(step.find("INDEX " + index + " ("), std::string::npos) << step << "\n"
                                                                                 << s.sql;
                EXPECT_EQ(step.find("SEARCH"), 0U) << step << "\n" << s.sql;
            }
            EXPECT_EQ(looks, 1) << s.sql;
        }
    }
    /// With a range or without, from the top or behind a cursor.
    void expect_always_served_by(std::string const& index, booking_query query)
    {
        for (bool from : {false, true}) {
            for (bool to : {false, true}) {
                for (std::string_view cursor : {"", "1764590400-3"}) {
                    query.created_from = from ? std::optional(noon) : std::nullopt;
                    query.created_to = to ? std::optional(noon + 9h) : std::nullopt;
                    query.cursor = cursor;
                    expect_served_by(index, query);
                }
            }
        }
    }
};

TEST_F(sqlite_list, is_served_by_an_index) { expect_always_served_by("bookings_by_creation", {}); }

TEST_F(sqlite_list, is_served_by_an_index_with_each_filter)
{
    expect_always_served_by("bookings_by_status_and_creation", {.status = booking_status::booked});
    expect_always_served_by("bookings_by_origin_and_creation", {.origin = airport("DEL")});
    expect_always_served_by("bookings_by_destination_and_creation",
                            {.destination = airport("BLR")});
}

TEST_F(sqlite_list, never_sorts_whatever_the_filters)
{
    booking_query const all{.status = booking_status::booked,
                            .origin = airport("DEL"),
                            .destination = airport("BLR"),
                            .created_from = noon};
    for (auto const& s : statements_of(all)) {
        for (auto const& step : plan_of(stores.folder / "aircargo.db", s.sql))
            EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step;
    }
}

TEST_F(sqlite_list, costs_the_same_at_any_depth)
{
    given_bookings(2000);
    booking_query query{.page_size = 10};
    auto const at_the_top = work_of(query);
    ASSERT_GT(at_the_top, 0);

    query.cursor = cursor_of({noon + 20h, 20});
    EXPECT_LT(work_of(query), 2 * at_the_top) << "behind a cursor";
    query.created_to = noon + 1990h;
    EXPECT_LT(work_of(query), 2 * at_the_top) << "behind a cursor, in a range that ends far above";
    query.origin = airport("DEL");
    EXPECT_LT(work_of(query), 2 * at_the_top) << "with a filter, too";
}

TEST_F(sqlite_list, counts_no_further_than_asked)
{
    given_bookings(2000);
    auto const work_to_count = [&](std::size_t bound) {
        auto const statements = statements_of({.page_size = 1, .count_up_to = bound});
        return statements.size() == 2 ? statements.front().work : 0;
    };
    EXPECT_GT(work_to_count(10), 0);
    EXPECT_LT(work_to_count(10) * 20, work_to_count(1000));
    EXPECT_LT(work_to_count(1000) * 3, work_to_count(2000) * 2);
}

}  // namespace
}  // namespace aircargo::test
