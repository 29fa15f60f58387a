#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
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
        return heard.take("FROM bookings WHERE");
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
    /// Both ways, with a range or without, from the beginning or behind a cursor.
    void expect_always_served_by(std::string const& index, booking_query query)
    {
        for (auto const order : {list_order::newest_first, list_order::oldest_first}) {
            for (unsigned with = 0; with < 8; ++with) {
                query.order = order;
                query.created_from = with & 1U ? std::optional(noon) : std::nullopt;
                query.created_to = with & 2U ? std::optional(noon + 9h) : std::nullopt;
                query.cursor = with & 4U ? cursor_of({noon, 3}, order) : "";
                expect_served_by(index, query);
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

TEST_F(sqlite_list, is_served_by_an_index_with_several_filters)
{
    expect_always_served_by("bookings_by_origin_and_creation", {.status = booking_status::booked,
                                                                .origin = airport("DEL"),
                                                                .destination = airport("BLR")});
    expect_always_served_by("bookings_by_destination_and_creation",
                            {.status = booking_status::booked, .destination = airport("BLR")});
}

TEST_F(sqlite_list, is_served_by_the_references_in_their_order)
{
    booking_query query{.order = list_order::by_reference};
    expect_served_by("sqlite_autoindex_bookings_1", query);
    query.prefix = ref_prefix::parse("ACB2").value();
    expect_served_by("sqlite_autoindex_bookings_1", query);
    query.status = booking_status::booked;
    query.origin = airport("DEL");
    query.destination = airport("BLR");
    query.created_from = noon;
    query.created_to = noon + 9h;
    expect_served_by("sqlite_autoindex_bookings_1", query);
}

TEST_F(sqlite_list, looks_at_no_more_than_it_may)
{
    given_bookings(2000);
    booking_query const none{.status = booking_status::cancelled, .origin = airport("DEL")};
    auto const work_to_look = [&](std::size_t most, list_order order) {
        auto query = none;
        query.order = order;
        query.look_up_to = most;
        int work = 0;
        for (auto const& s : statements_of(query)) work += s.work;
        return work;
    };
    for (auto const order :
         {list_order::newest_first, list_order::oldest_first, list_order::by_reference}) {
        EXPECT_GT(work_to_look(10, order), 0);
        EXPECT_LT(work_to_look(10, order) * 20, work_to_look(1000, order));
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
