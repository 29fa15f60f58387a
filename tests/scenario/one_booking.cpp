#include "support/schedule_text.hpp"
#include "support/service_words.hpp"
#include "support/systems.hpp"
#include <aircargo/service/verify.hpp>
#include <aircargo/tracking/next_activity.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using enum booking_act;

/// A desk in Delhi, on one backend.
template <class Backend>
class one_booking : public ::testing::Test {
protected:
    Backend stores;
    virtual_clock time;
    cargo_system system{backends_of(stores), time.wall()};

    void given_schedule()
    {
        (void)system.flights()
            .upsert(flights_from_text("AI101 DEL 2025-12-02T06:00 BOM 08:10\n"
                                      "AI204 BOM 2025-12-02T10:10 BLR 11:55\n"
                                      "AI505 DEL 2025-12-02T15:00 BLR 17:50\n"))
            .value();
        (void)system.routes.refresh().value();
    }
    booking now(booking const& b) { return system.desk.finds.call(b.terms.ref).value(); }
    std::vector<event> history(booking const& b)
    {
        return system.desk.histories.call(b.terms.ref).value();
    }
    result<booking> say(booking_act act, booking const& b, std::string_view place = {})
    {
        return system.desk.writes.call(ask(act, b, place));
    }
    /// What should happen next, such as `depart DEL AI101`.
    std::string next(booking const& b)
    {
        auto const expected = next_expected_activity(now(b));
        if (!expected) return "nothing";
        return std::string(name_of(expected->act)) + ' ' + std::string(expected->location.str()) +
               (expected->flight ? ' ' + std::string(expected->flight->number.str()) : "");
    }
};
TYPED_TEST_SUITE(one_booking, store_backends, backend_names);

TYPED_TEST(one_booking, lives_from_search_to_delivery)
{
    this->given_schedule();

    // The forwarder asks how to get from Delhi to Bangalore tomorrow, and takes the way that
    // arrives first.
    auto const ways = this->system.routes.search(query("DEL", "BLR", "2025-12-02"));
    EXPECT_EQ(to_text(ways.answer), "AI505 DEL-BLR: 2h50m\nAI101 DEL-BOM, AI204 BOM-BLR: 5h55m\n");
    auto request = a_request();
    request.flights = ways.answer.transit.front().flight_ids();
    request.note = {"12 cartons, keep dry", "mira", "req-1"};
    auto const b = this->system.desk.writes.call(request).value();
    EXPECT_EQ(b.status, booking_status::booked);
    EXPECT_EQ(this->next(b), "depart DEL AI101");

    // It can not be delivered before it flew, and the desk says so.
    EXPECT_EQ(code_of(this->say(deliver, b)), errc::illegal_transition);

    this->time.pass(18h + 4min);
    EXPECT_EQ(code_of(this->say(depart, b)), accepted);
    EXPECT_EQ(this->next(b), "arrive BOM AI101");
    this->time.pass(2h);
    EXPECT_EQ(code_of(this->say(arrive, b, "BOM")), accepted);
    EXPECT_EQ(this->now(b).status, booking_status::departed) << "Bombay is on the way";
    EXPECT_EQ(this->next(b), "depart BOM AI204");
    EXPECT_EQ(code_of(this->say(arrive, b, "BOM")), errc::illegal_transition) << "told twice";

    EXPECT_EQ(code_of(this->say(depart, b)), accepted);
    EXPECT_EQ(code_of(this->say(arrive, b)), accepted);
    EXPECT_EQ(code_of(this->say(cancel, b)), errc::illegal_transition) << "it has landed";
    EXPECT_EQ(this->next(b), "deliver BLR");
    EXPECT_EQ(this->say(deliver, b)->status, booking_status::delivered);
    EXPECT_EQ(this->next(b), "nothing");

    auto const told = this->history(b);
    EXPECT_EQ(told.size(), 6U);
    EXPECT_EQ(told.front().notes, "12 cartons, keep dry");
    EXPECT_EQ(told[1].created_at, at("2025-12-02T06:04"));
    EXPECT_EQ(fold(b.terms, told).value(), this->now(b));
    EXPECT_TRUE(verify(this->system.bookings()).value().differences.empty());
}

TYPED_TEST(one_booking, goes_astray_and_comes_home)
{
    this->given_schedule();
    auto request = a_request();
    request.flights = this->system.routes.search(query("DEL", "BLR", "2025-12-02"))
                          .answer.transit.front()
                          .flight_ids();
    auto const b = this->system.desk.writes.call(request).value();
    (void)this->say(depart, b);

    EXPECT_EQ(code_of(this->say(arrive, b, "MAA")), errc::off_plan) << "is that so?";
    auto yes = ask(arrive, b, "MAA");
    yes.off_plan = true;
    EXPECT_TRUE(this->system.desk.writes.call(yes)->misrouted);
    EXPECT_EQ(this->next(b), "nothing") << "somebody has to decide";

    auto on = ask(depart, b);
    on.off_plan = true;
    EXPECT_EQ(code_of(this->system.desk.writes.call(on)), accepted);
    EXPECT_EQ(this->say(arrive, b)->at, airport("BLR"));
    EXPECT_EQ(this->say(deliver, b)->status, booking_status::delivered);
    EXPECT_TRUE(this->now(b).misrouted) << "and it stays on record";
}

TYPED_TEST(one_booking, is_called_off)
{
    this->given_schedule();
    auto const b = this->system.desk.writes.call(a_request()).value();
    auto const request = keyed(ask(cancel, b), {"mira DELETE", "k-1", "hash"});

    auto const first = this->system.desk.writes.call(request);
    EXPECT_EQ(first->status, booking_status::cancelled);
    EXPECT_EQ(code_of(this->say(cancel, b)), errc::illegal_transition) << "twice is refused";
    EXPECT_EQ(this->system.desk.writes.call(request), first) << "but a retry gets its answer";
    EXPECT_EQ(this->system.desk.lists.call({.status = booking_status::cancelled})->items,
              std::vector{*first});
}

TYPED_TEST(one_booking, is_not_there_for_those_who_guess)
{
    EXPECT_EQ(code_of(this->system.desk.finds.call(a_ref("ACB12345"))), errc::not_found);
    EXPECT_EQ(code_of(this->system.desk.histories.call(a_ref("ACB12345"))), errc::not_found);
    EXPECT_EQ(code_of(this->system.desk.lists.call({.page_size = 0})), errc::invalid_request);
}

}  // namespace
}  // namespace aircargo::test
