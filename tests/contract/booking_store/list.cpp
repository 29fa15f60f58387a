#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

template <class Backend>
class booking_list_contract : public store_test<Backend> {
protected:
    /// So many bookings, one an hour: ACB20001, ACB20002 and so on; each third one departed.
    void given_bookings(int count)
    {
        std::vector<change> changes;
        for (int i = 1; i <= count; ++i) {
            auto const b = a_booking("ACB" + std::to_string(20'000 + i), {}, noon + i * 1h);
            changes.push_back(creation_of(b));
            if (i % 3 == 0) changes.push_back(depart(b, noon + i * 1h));
        }
        for (auto const& answer : this->store.apply(changes)) ASSERT_EQ(code_of(answer), accepted);
    }
    booking_page list(booking_query const& q) { return this->store.list(q).value(); }

    /// The last digits of what a list shows, such as `5 4 3`.
    static std::string shown(std::vector<booking> const& items)
    {
        std::string out;
        for (auto const& b : items)
            out += (out.empty() ? "" : " ") + std::to_string(b.terms.ref.number() % 10'000);
        return out;
    }
    /// How many a list tells of: `7`, or `7 or more`.
    std::string told(booking_query const& q)
    {
        auto const page = list(q);
        return std::to_string(page.total) + (page.total_is_exact ? "" : " or more");
    }
    /// All pages by cursor, one after the other, with `/` between.
    std::string by_cursor(booking_query q)
    {
        std::string out;
        for (int pages = 0; pages < 100; ++pages) {
            auto const page = list(q);
            out += shown(page.items);
            if (page.next_cursor.empty()) return out;
            out += " / ";
            q.cursor = page.next_cursor;
        }
        return out + "...";
    }
};
TYPED_TEST_SUITE(booking_list_contract, store_backends, backend_names);

TYPED_TEST(booking_list_contract, is_empty_at_first)
{
    auto const page = this->list({});
    EXPECT_TRUE(page.items.empty());
    EXPECT_EQ(this->told({}), "0");
    EXPECT_EQ(page.next_cursor, "");
}

TYPED_TEST(booking_list_contract, shows_the_newest_first)
{
    this->given_bookings(5);
    EXPECT_EQ(this->shown(this->list({}).items), "5 4 3 2 1");
    EXPECT_EQ(this->told({}), "5");
}

TYPED_TEST(booking_list_contract, goes_by_creation_and_not_by_the_order_of_coming_in)
{
    (void)this->stored(a_booking("ACB20001", {}, noon + 5h));
    (void)this->stored(a_booking("ACB20002", {}, noon));
    (void)this->stored(a_booking("ACB20003", {}, noon + 2h));
    EXPECT_EQ(this->shown(this->list({}).items), "1 3 2");
    EXPECT_EQ(this->by_cursor({.page_size = 1}), "1 / 3 / 2");
    EXPECT_EQ(this->shown(this->list({.created_from = noon + 1h}).items), "1 3");
    EXPECT_EQ(this->shown(this->list({.created_to = noon + 5h}).items), "3 2");
}

TYPED_TEST(booking_list_contract, goes_by_the_order_of_coming_in_within_a_second)
{
    for (char const* ref : {"ACB20003", "ACB20001", "ACB20005", "ACB20002", "ACB20004"})
        (void)this->stored(a_booking(ref));
    EXPECT_EQ(this->shown(this->list({}).items), "4 2 5 1 3");
    EXPECT_EQ(this->by_cursor({.page_size = 2}), "4 2 / 5 1 / 3");
    EXPECT_EQ(this->by_cursor({.page_size = 1}), "4 / 2 / 5 / 1 / 3");
}

TYPED_TEST(booking_list_contract, goes_back_beyond_1970)
{
    (void)this->stored(a_booking("ACB20001", {}, from_epoch(1)));
    (void)this->stored(a_booking("ACB20002", {}, from_epoch(-1)));
    (void)this->stored(a_booking("ACB20003", {}, from_epoch(0)));
    (void)this->stored(a_booking("ACB20004", {}, from_epoch(-86'400)));
    EXPECT_EQ(this->by_cursor({.page_size = 1}), "1 / 3 / 2 / 4");
}

TYPED_TEST(booking_list_contract, leaves_a_booking_in_its_place_when_it_changes)
{
    this->given_bookings(2);
    (void)apply_one(this->store, depart(this->now(a_booking("ACB20001"))));
    EXPECT_EQ(this->shown(this->list({}).items), "2 1");
}

TYPED_TEST(booking_list_contract, shows_bookings_as_find_does)
{
    auto const b = this->stored(a_booking("ACB20001", this->given(via_bombay())));
    auto const waiting =
        apply_one(this->store, decided(b, command_of(booking_act::depart))).value();
    EXPECT_EQ(this->list({}).items, std::vector{waiting});
}

TYPED_TEST(booking_list_contract, filters)
{
    this->given_bookings(6);
    auto const other = a_booking(
        "ACB20007", this->given({a_flight("LH760 FRA 2025-12-02T12:00 DEL 20:00")}), noon + 7h);
    (void)this->stored(other);

    EXPECT_EQ(this->shown(this->list({.status = booking_status::departed}).items), "6 3");
    EXPECT_EQ(this->shown(this->list({.origin = airport("FRA")}).items), "7");
    EXPECT_EQ(this->shown(this->list({.destination = airport("BLR")}).items), "6 5 4 3 2 1");
    EXPECT_EQ(this->shown(this->list({.created_from = noon + 5h}).items), "7 6 5");
    EXPECT_EQ(this->shown(this->list({.created_to = noon + 3h}).items), "2 1");
    EXPECT_EQ(this->shown(this->list({.status = booking_status::booked,
                                      .origin = airport("DEL"),
                                      .destination = airport("BLR"),
                                      .created_from = noon + 2h,
                                      .created_to = noon + 6h})
                              .items),
              "5 4 2");
    EXPECT_EQ(this->list({.status = booking_status::delivered}).items.size(), 0U);
    EXPECT_EQ(this->told({.status = booking_status::departed}), "2");
    EXPECT_EQ(this->told({.created_from = noon + 2h, .created_to = noon + 5h}), "3");
}

TYPED_TEST(booking_list_contract, turns_pages_by_number)
{
    this->given_bookings(7);
    EXPECT_EQ(this->shown(this->list({.page_size = 3, .page = 1}).items), "7 6 5");
    EXPECT_EQ(this->shown(this->list({.page_size = 3, .page = 2}).items), "4 3 2");
    EXPECT_EQ(this->shown(this->list({.page_size = 3, .page = 3}).items), "1");
    EXPECT_EQ(this->shown(this->list({.page_size = 3, .page = 4}).items), "");
    EXPECT_EQ(this->told({.page_size = 3, .page = 4}), "7");
}

TYPED_TEST(booking_list_contract, has_nothing_on_pages_behind_the_last)
{
    this->given_bookings(7);
    for (std::size_t page : {2, 3, 100})
        EXPECT_EQ(this->shown(this->list({.page_size = 8, .page = page}).items), "")
            << "page " << page;
}

TYPED_TEST(booking_list_contract, refuses_pages_beyond_all_counting)
{
    this->given_bookings(7);
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    for (std::size_t page :
         {most, most / 2, most / 2 + 2, most / 8 + 2, most / 1000 + 2, std::size_t{1} << 61U}) {
        for (std::size_t size : {8, 1000}) {
            booking_query const query{.page_size = size, .page = page};
            EXPECT_EQ(code_of(this->store.list(query)), errc::invalid_request) << "page " << page;
        }
    }
}

TYPED_TEST(booking_list_contract, turns_pages_by_cursor)
{
    this->given_bookings(7);
    EXPECT_EQ(this->by_cursor({.page_size = 3}), "7 6 5 / 4 3 2 / 1");
    EXPECT_EQ(this->by_cursor({.page_size = 7}), "7 6 5 4 3 2 1");
    EXPECT_EQ(this->by_cursor({.page_size = 1}), "7 / 6 / 5 / 4 / 3 / 2 / 1");
    EXPECT_EQ(this->by_cursor({.status = booking_status::departed, .page_size = 1}), "6 / 3");
    EXPECT_EQ(this->by_cursor({.status = booking_status::booked, .page_size = 2}), "7 5 / 4 2 / 1");
    EXPECT_EQ(this->by_cursor({.created_from = noon + 2h, .created_to = noon + 6h, .page_size = 2}),
              "5 4 / 3 2");
}

TYPED_TEST(booking_list_contract, turns_to_a_cursor_from_any_page)
{
    this->given_bookings(7);
    auto const second = this->list({.page_size = 2, .page = 2});
    EXPECT_EQ(this->shown(second.items), "5 4");
    EXPECT_EQ(this->shown(this->list({.page_size = 2, .cursor = second.next_cursor}).items), "3 2");
}

TYPED_TEST(booking_list_contract, minds_the_cursor_and_not_the_page_when_both_are_there)
{
    this->given_bookings(7);
    auto const cursor = this->list({.page_size = 2}).next_cursor;
    EXPECT_EQ(this->shown(this->list({.page_size = 2, .page = 3, .cursor = cursor}).items), "5 4");
}

TYPED_TEST(booking_list_contract, counts_all_whatever_the_cursor)
{
    this->given_bookings(7);
    auto const cursor = this->list({.page_size = 3}).next_cursor;
    EXPECT_EQ(this->told({.page_size = 3, .cursor = cursor}), "7");
}

TYPED_TEST(booking_list_contract, counts_as_far_as_asked)
{
    this->given_bookings(7);
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(this->told({.count_up_to = 1}), "1 or more");
    EXPECT_EQ(this->told({.count_up_to = 6}), "6 or more");
    EXPECT_EQ(this->told({.count_up_to = 7}), "7");
    EXPECT_EQ(this->told({.count_up_to = 8}), "7");
    EXPECT_EQ(this->told({.count_up_to = most}), "7");
    EXPECT_EQ(this->told({.count_up_to = most / 2}), "7");
    EXPECT_EQ(this->told({.status = booking_status::departed, .count_up_to = 1}), "1 or more");
    EXPECT_EQ(this->told({.status = booking_status::departed, .count_up_to = 2}), "2");
    EXPECT_EQ(this->told({.status = booking_status::delivered, .count_up_to = 1}), "0");
    EXPECT_EQ(this->told({.created_to = noon + 4h, .count_up_to = 2}), "2 or more");
    EXPECT_EQ(this->told({.page_size = 2, .page = 3, .count_up_to = 3}), "3 or more");
    EXPECT_EQ(this->shown(this->list({.page_size = 5, .count_up_to = 2}).items), "7 6 5 4 3");
}

TYPED_TEST(booking_list_contract, need_not_count)
{
    EXPECT_EQ(this->told({.count_up_to = 0}), "0 or more") << "nobody looked";
    this->given_bookings(7);
    EXPECT_EQ(this->told({.page_size = 3, .count_up_to = 0}), "0 or more");
    EXPECT_EQ(this->by_cursor({.page_size = 3, .count_up_to = 0}), "7 6 5 / 4 3 2 / 1");
}

TYPED_TEST(booking_list_contract, shows_each_booking_once_while_others_come_in)
{
    this->given_bookings(4);
    auto const first = this->list({.page_size = 2});
    (void)this->stored(a_booking("ACB20097", {}, noon + 9h));  // newer than all
    (void)this->stored(a_booking("ACB20098", {}, noon + 3h));  // of the second of the last shown
    (void)this->stored(a_booking("ACB20099", {}, noon + 1h + 30s));  // among those still to come
    auto const second = this->list({.page_size = 3, .cursor = first.next_cursor});

    EXPECT_EQ(this->shown(first.items) + " / " + this->shown(second.items), "4 3 / 2 99 1");
    EXPECT_EQ(second.next_cursor, "");
    EXPECT_EQ(this->shown(this->list({}).items), "97 4 98 3 2 99 1");
}

TYPED_TEST(booking_list_contract, takes_page_sizes_within_their_bounds)
{
    this->given_bookings(2);
    EXPECT_EQ(this->list({.page_size = 1}).items.size(), 1U);
    EXPECT_EQ(this->list({.page_size = booking_query::max_page_size}).items.size(), 2U);
    EXPECT_EQ(code_of(this->store.list({.page_size = 0})), errc::invalid_request);
    EXPECT_EQ(code_of(this->store.list({.page_size = booking_query::max_page_size + 1})),
              errc::invalid_request);
    EXPECT_EQ(code_of(this->store.list({.page = 0})), errc::invalid_request);
}

TYPED_TEST(booking_list_contract, does_not_read_past_any_number_of_bookings)
{
    this->given_bookings(2);
    constexpr auto last = booking_query::max_skipped / booking_query::max_page_size + 1;
    booking_query deep{.page_size = booking_query::max_page_size, .page = last};
    EXPECT_TRUE(this->list(deep).items.empty());
    for (auto const page : {last + 1, std::numeric_limits<std::size_t>::max()}) {
        deep.page = page;
        EXPECT_EQ(code_of(this->store.list(deep)), errc::invalid_request) << page;
    }
    deep.cursor = this->list({.page_size = 1}).next_cursor;
    EXPECT_EQ(this->list(deep).items.size(), 1U) << "the cursor says where it is, not the page";
}

TYPED_TEST(booking_list_contract, refuses_a_cursor_that_no_list_gave)
{
    this->given_bookings(2);
    for (char const* cursor :
         {"x", "5", "-1", "-", "1-", "--1", "1-x", "1-1; DROP TABLE bookings"}) {
        EXPECT_EQ(code_of(this->store.list({.cursor = cursor})), errc::invalid_request) << cursor;
    }
}

}  // namespace
}  // namespace aircargo::test
