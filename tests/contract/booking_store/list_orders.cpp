#include "support/seed.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

ref_prefix prefix(std::string_view text) { return ref_prefix::parse(text).value(); }

/// In every order, with every filter: beside a list that is made by looking at all bookings.
template <class Backend>
class booking_list_orders_contract : public store_test<Backend> {
protected:
    std::vector<booking> all;  // in the order of coming in

    /// One after the other: in a batch, the order of coming in is the store's affair.
    void given(std::vector<booking> const& bookings)
    {
        for (auto const& b : bookings) all.push_back(this->stored(b));
    }
    void given_refs(std::initializer_list<char const*> refs)
    {
        std::vector<booking> bookings;
        for (auto const* ref : refs) bookings.push_back(a_booking(ref));
        given(bookings);
    }
    /// The references without `ACB`.
    static std::string shown(std::vector<booking> const& items)
    {
        std::string out;
        for (auto const& b : items) out += (out.empty() ? "" : " ") + b.terms.ref.str().substr(3);
        return out;
    }
    booking_page list(booking_query const& q) { return this->store.list(q).value(); }
    /// All pages by cursor, as one.
    std::vector<booking> by_cursor(booking_query q)
    {
        std::vector<booking> out;
        for (std::size_t pages = 0; pages < 3 * all.size() + 3; ++pages) {
            auto const page = list(q);
            EXPECT_LE(page.items.size(), q.page_size);
            out.insert(out.end(), page.items.begin(), page.items.end());
            if (page.next_cursor.empty()) return out;
            q.cursor = page.next_cursor;
        }
        ADD_FAILURE() << "the cursors lead nowhere";
        return out;
    }
    /// What the list is by its definition.
    std::vector<booking> wanted(booking_query const& q) const
    {
        std::vector<std::pair<std::size_t, booking>> found;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (matches(q, all[i])) found.emplace_back(i, all[i]);
        }
        std::sort(found.begin(), found.end(), [&](auto const& a, auto const& b) {
            if (q.order == list_order::by_reference)
                return a.second.terms.ref.str() < b.second.terms.ref.str();
            auto const left = std::tuple(a.second.created_at, a.first);
            auto const right = std::tuple(b.second.created_at, b.first);
            return q.order == list_order::newest_first ? left > right : left < right;
        });
        std::vector<booking> out;
        for (auto& f : found) out.push_back(std::move(f.second));
        return out;
    }
};
TYPED_TEST_SUITE(booking_list_orders_contract, store_backends, backend_names);

TYPED_TEST(booking_list_orders_contract, shows_the_oldest_first)
{
    this->given({a_booking("ACB20001", {}, noon + 2h), a_booking("ACB20002", {}, noon),
                 a_booking("ACB20003", {}, noon + 1h), a_booking("ACB20004", {}, noon)});
    booking_query q{.order = list_order::oldest_first};
    EXPECT_EQ(this->shown(this->list(q).items), "20002 20004 20003 20001");
    q.page_size = 1;
    EXPECT_EQ(this->shown(this->by_cursor(q)), "20002 20004 20003 20001");
    q.created_from = noon + 1h;
    EXPECT_EQ(this->shown(this->by_cursor(q)), "20003 20001");
    q.created_to = noon + 2h;
    EXPECT_EQ(this->shown(this->by_cursor(q)), "20003");
    EXPECT_EQ(this->list(q).total, 1U);
    q = {.order = list_order::oldest_first, .page_size = 2, .page = 2};
    EXPECT_EQ(this->shown(this->list(q).items), "20003 20001");
}

TYPED_TEST(booking_list_orders_contract, goes_by_the_text_of_references)
{
    this->given_refs({"ACB20004", "ACB1999999", "ACB00042", "ACB200039", "ACB00042000"});
    booking_query q{.order = list_order::by_reference};
    EXPECT_EQ(this->shown(this->list(q).items), "00042 00042000 1999999 200039 20004");
    EXPECT_EQ(this->list(q).total, 5U);
    q.page_size = 1;
    EXPECT_EQ(this->shown(this->by_cursor(q)), "00042 00042000 1999999 200039 20004");
    q.page = 4;
    EXPECT_EQ(this->shown(this->list(q).items), "200039");
}

TYPED_TEST(booking_list_orders_contract, finds_references_by_their_beginning)
{
    this->given_refs(
        {"ACB20004", "ACB1999999", "ACB00042", "ACB200039", "ACB00042000", "ACB99999"});
    auto const found = [&](char const* text) {
        booking_query const q{
            .prefix = prefix(text), .order = list_order::by_reference, .page_size = 2};
        EXPECT_EQ(this->list(q).total, this->by_cursor(q).size());
        return this->shown(this->by_cursor(q));
    };
    EXPECT_EQ(found("ACB2"), "200039 20004");
    EXPECT_EQ(found("ACB20003"), "200039");
    EXPECT_EQ(found("acb0"), "00042 00042000");
    EXPECT_EQ(found("ACB00042"), "00042 00042000");
    EXPECT_EQ(found("ACB000420"), "00042000");
    EXPECT_EQ(found("ACB9"), "99999");
    EXPECT_EQ(found("ACB99999"), "99999");
    EXPECT_EQ(found("ACB99998"), "");
    EXPECT_EQ(found("ACB3"), "");
    EXPECT_EQ(found("ACB19999999999999999"), "");
}

TYPED_TEST(booking_list_orders_contract, takes_a_prefix_only_in_the_order_of_references)
{
    EXPECT_EQ(code_of(this->store.list({.prefix = prefix("ACB1")})), errc::invalid_request);
    EXPECT_EQ(
        code_of(this->store.list({.prefix = prefix("ACB1"), .order = list_order::oldest_first})),
        errc::invalid_request);
}

TYPED_TEST(booking_list_orders_contract, refuses_the_cursor_of_another_order)
{
    this->given_refs({"ACB20001", "ACB20002"});
    constexpr std::array orders{list_order::newest_first, list_order::oldest_first,
                                list_order::by_reference};
    for (auto const from : orders) {
        auto const cursor = this->list({.order = from, .page_size = 1}).next_cursor;
        ASSERT_NE(cursor, "");
        for (auto const to : orders) {
            EXPECT_EQ(code_of(this->store.list({.order = to, .cursor = cursor})),
                      from == to ? accepted : errc::invalid_request)
                << cursor;
        }
    }
    for (char const* cursor : {"acb20001", "ACB2000", "20001", "ACB20001!", "ACB", "ACB200017x"}) {
        EXPECT_EQ(code_of(this->store.list({.order = list_order::by_reference, .cursor = cursor})),
                  errc::invalid_request)
            << cursor;
    }
}

TYPED_TEST(booking_list_orders_contract, goes_on_from_a_cursor_whatever_the_filters)
{
    this->given({a_booking("ACB20001", {}, noon), a_booking("ACB20002", {}, noon + 1h),
                 a_booking("ACB20003", {}, noon + 2h), a_booking("ACB20004", {}, noon + 3h)});
    // A cursor names a place; the filters of the list that gave it have no part in it.
    auto const place = this->list({.created_to = noon + 3h, .page_size = 1}).next_cursor;
    EXPECT_EQ(this->shown(this->list({.cursor = place}).items), "20002 20001");
    EXPECT_EQ(this->shown(this->list({.created_from = noon + 1h, .cursor = place}).items), "20002");
    EXPECT_EQ(this->shown(this->list({.created_to = noon + 1h, .cursor = place}).items), "20001");
    EXPECT_EQ(this->shown(this->list({.status = booking_status::cancelled, .cursor = place}).items),
              "");

    auto const by_prefix = [&](char const* text, char const* cursor) {
        return this->shown(
            this->list(
                    {.prefix = prefix(text), .order = list_order::by_reference, .cursor = cursor})
                .items);
    };
    EXPECT_EQ(by_prefix("ACB2", "ACB20002"), "20003 20004");
    EXPECT_EQ(by_prefix("ACB2", "ACB10000"), "20001 20002 20003 20004");
    EXPECT_EQ(by_prefix("ACB2", "ACB99999"), "");
}

TYPED_TEST(booking_list_orders_contract, looks_no_further_than_asked)
{
    std::vector<booking> many;
    for (int i = 0; i < 60; ++i)
        many.push_back(a_booking("ACB" + std::to_string(20'001 + i), {}, noon + i * 1s));
    this->given(many);
    // All are BOOKED from DEL to BLR: nothing matches, and somebody has to notice.
    for (auto const order :
         {list_order::newest_first, list_order::oldest_first, list_order::by_reference}) {
        booking_query q{.status = booking_status::cancelled,
                        .origin = airport("DEL"),
                        .order = order,
                        .look_up_to = 50};
        auto const page = this->list(q);
        EXPECT_EQ(page.items.size(), 0U);
        EXPECT_EQ(page.total, 0U);
        EXPECT_FALSE(page.total_is_exact);
        ASSERT_NE(page.next_cursor, "") << "there is more to look at";
        q.cursor = page.next_cursor;
        EXPECT_EQ(this->list(q).next_cursor, "");
        q = {.status = booking_status::cancelled, .origin = airport("DEL"), .order = order};
        EXPECT_TRUE(this->list(q).total_is_exact);
        EXPECT_EQ(this->list(q).next_cursor, "");
    }
    EXPECT_EQ(code_of(this->store.list({.look_up_to = 0})), errc::invalid_request);
}

/// Some bookings of few airports, days and states.
std::vector<booking> random_bookings(random_source& random, std::size_t count)
{
    constexpr std::array airports{"DEL", "BLR", "BOM", "DOH"};
    std::vector<booking> bookings;
    std::set<std::string> refs;
    while (bookings.size() < count) {
        auto const digits = between<unsigned>(random, 5, 7);
        auto const ref = booking_ref::from_number(between(random, 0, 99'999), digits);
        if (!refs.insert(ref.str()).second) continue;
        auto b = a_booking(ref.str(), {}, noon + between(random, 0, 40) * 1s);
        b.terms.origin = airport(one_of(random, airports));
        do {
            b.terms.destination = airport(one_of(random, airports));
        } while (b.terms.destination == b.terms.origin);
        b.at = b.terms.origin;
        bookings.push_back(b);
    }
    return bookings;
}

booking_query random_query(random_source& random, booking const& like)
{
    booking_query q;
    q.order = one_of(random, std::array{list_order::newest_first, list_order::oldest_first,
                                        list_order::by_reference});
    if (chance(random, 0.4))
        q.status = one_of(random, std::array{booking_status::booked, booking_status::departed,
                                             booking_status::cancelled});
    if (chance(random, 0.4)) q.origin = like.terms.origin;
    if (chance(random, 0.4)) q.destination = like.terms.destination;
    if (chance(random, 0.4)) q.created_from = noon + between(random, 0, 30) * 1s;
    if (chance(random, 0.4)) q.created_to = noon + between(random, 10, 45) * 1s;
    if (q.order == list_order::by_reference && chance(random, 0.7))
        q.prefix = prefix(like.terms.ref.str().substr(0, between<std::size_t>(random, 4, 7)));
    q.page_size = between<std::size_t>(random, 1, 12);
    if (chance(random, 0.5)) q.look_up_to = between<std::size_t>(random, 1, 20);
    return q;
}

TYPED_TEST(booking_list_orders_contract, is_what_looking_at_all_bookings_finds)
{
    random_source random(printed_seed());
    this->given(random_bookings(random, 120));
    for (auto& b : this->all) {  // some have moved on
        auto const acts = between(random, 0, 2);
        if (acts >= 1) b = apply_one(this->store, depart(b)).value();
        if (acts == 2) b = apply_one(this->store, cancel(b)).value();
    }
    for (int round = 0; round < 150; ++round) {
        auto q = random_query(random, one_of(random, this->all));
        auto const wanted = this->wanted(q);
        auto const found = this->by_cursor(q);
        EXPECT_EQ(this->shown(found), this->shown(wanted)) << "round " << round;
        EXPECT_TRUE(found == wanted) << "round " << round;
        auto const page = this->list(q);
        if (page.total_is_exact) {
            EXPECT_EQ(page.total, wanted.size()) << "round " << round;
        } else {
            EXPECT_LE(page.total, wanted.size()) << "round " << round;
        }
        q.look_up_to = booking_query().look_up_to;
        EXPECT_TRUE(this->list(q).total_is_exact);
        q.page = between<std::size_t>(random, 1, 4);
        auto const from = std::min(wanted.size(), (q.page - 1) * q.page_size);
        auto const to = std::min(wanted.size(), from + q.page_size);
        EXPECT_EQ(this->shown(this->list(q).items),
                  this->shown({wanted.begin() + static_cast<std::ptrdiff_t>(from),
                               wanted.begin() + static_cast<std::ptrdiff_t>(to)}))
            << "round " << round;
    }
}

}  // namespace
}  // namespace aircargo::test
