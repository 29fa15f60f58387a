#include "support/builders.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

std::array const places{"DEL", "BOM", "HYD", "MAA", "CCU", "BLR"};

/// No route, or up to four flights through places that do not repeat.
std::vector<flight> some_itinerary()
{
    auto const flights = *rc::gen::inRange<std::size_t>(0, 5);
    auto const turn = *rc::gen::inRange<std::size_t>(0, places.size());
    std::vector<flight> itinerary;
    for (std::size_t i = 0; i < flights; ++i) {
        std::string const from = places[(turn + i) % places.size()];
        std::string const to = places[(turn + i + 1) % places.size()];
        auto f = a_flight("AI" + std::to_string(i + 1) + ' ' + from + " 2025-12-02T00:00 " + to +
                          " 02:00");
        f.id = static_cast<flight_id>(i + 1);
        f.departure += std::chrono::hours(5 * i);
        f.arrival += std::chrono::hours(5 * i);
        itinerary.push_back(f);
    }
    return itinerary;
}

/// Any act at all, sensible or not.
command some_command(std::vector<flight> const& itinerary)
{
    using enum booking_act;
    constexpr std::array acts{depart, depart, depart, depart,  arrive,
                              arrive, arrive, arrive, deliver, cancel};
    auto c = command_of(acts[*rc::gen::inRange<std::size_t>(0, acts.size())]);
    if (*rc::gen::inRange(0, 3) == 0)
        c.location = airport(places[*rc::gen::inRange<std::size_t>(0, places.size())]);
    if (*rc::gen::inRange(0, 5) == 0) {
        c.flight = leg_of(a_flight("XX9 MAA 2025-12-02T00:00 CCU 02:00"));
    } else if (!itinerary.empty() && *rc::gen::inRange(0, 4) == 0) {
        c.flight = leg_of(*rc::gen::elementOf(itinerary));
    }
    c.off_plan = *rc::gen::inRange(0, 3) == 0;
    c.note.notes = std::string(*rc::gen::inRange<std::size_t>(0, 4), 'n');
    return c;
}

struct life {
    booking now;
    std::vector<event> history;
    bool said_off_plan = false;
};

/// A booking and as many of up to 20 random acts as its rules let happen.
life some_life()
{
    auto const itinerary = some_itinerary();
    auto const born = a_booking("ACB10001", itinerary);
    life l{born, {book(born.terms, {}, noon).value()}};
    auto const acts = *rc::gen::inRange(0, 20);
    for (int i = 0; i < acts; ++i) {
        auto const c = some_command(itinerary);
        auto const fact = step(l.now, c, noon + std::chrono::minutes(i));
        if (!fact) continue;
        l.said_off_plan = l.said_off_plan || c.off_plan;
        l.now = evolve(l.now, *fact);
        l.history.push_back(*fact);
    }
    return l;
}

RC_GTEST_PROP(fold, of_the_history_is_the_booking, ())
{
    auto const l = some_life();
    auto const folded = fold(l.now.terms, l.history);
    RC_ASSERT(folded.has_value());
    RC_ASSERT(*folded == l.now);
}

RC_GTEST_PROP(fold, of_a_beginning_is_the_booking_as_it_was, ())
{
    auto const l = some_life();
    auto const length = *rc::gen::inRange<std::size_t>(1, l.history.size() + 1);
    auto const folded = fold(l.now.terms, std::span(l.history).first(length));
    RC_ASSERT(folded.has_value());
    RC_ASSERT(folded->revision == l.history[length - 1].seq);
    RC_ASSERT(folded->status == l.history[length - 1].status);
}

RC_GTEST_PROP(history, is_a_chain, ())
{
    auto const l = some_life();
    for (std::size_t i = 0; i < l.history.size(); ++i) {
        RC_ASSERT(l.history[i].seq == static_cast<std::int64_t>(i + 1));
        if (i == 0) continue;
        RC_ASSERT(l.history[i].previous == l.history[i - 1].status);
        RC_ASSERT(!is_final(booking_transitions, l.history[i].previous));
    }
    RC_ASSERT(l.now.status == l.history.back().status);
}

RC_GTEST_PROP(history, marks_a_booking_only_when_someone_said_off_plan, ())
{
    auto const l = some_life();
    RC_ASSERT(!l.now.misrouted || l.said_off_plan);
    RC_ASSERT(l.now.misrouted == std::any_of(l.history.begin(), l.history.end(),
                                             [](auto const& e) { return e.off_plan; }));
}

RC_GTEST_PROP(history, ends_at_the_destination_unless_it_is_cancelled, ())
{
    auto b = some_life().now;
    for (auto act : {booking_act::depart, booking_act::arrive}) {
        if (auto const fact = step(b, off_plan(command_of(act)), noon)) b = evolve(b, *fact);
    }
    RC_ASSERT(b.status != booking_status::booked);
    RC_ASSERT(b.status != booking_status::departed);
    if (b.status == booking_status::cancelled) return;
    RC_ASSERT(b.at == b.terms.destination);
    RC_ASSERT(b.next_leg == b.terms.legs.size());
}

RC_GTEST_PROP(fold, refuses_a_history_with_a_hole, ())
{
    auto l = some_life();
    RC_PRE(l.history.size() > 1);
    auto const hole = *rc::gen::inRange<std::size_t>(0, l.history.size() - 1);
    l.history.erase(l.history.begin() + static_cast<std::ptrdiff_t>(hole));
    RC_ASSERT(code_of(fold(l.now.terms, l.history)) == errc::illegal_transition);
}

RC_GTEST_PROP(fold, refuses_a_history_out_of_order, ())
{
    auto l = some_life();
    RC_PRE(l.history.size() > 1);
    auto const at = *rc::gen::inRange<std::size_t>(0, l.history.size() - 1);
    std::swap(l.history[at], l.history[at + 1]);
    RC_ASSERT(code_of(fold(l.now.terms, l.history)) == errc::illegal_transition);
}

RC_GTEST_PROP(fold, refuses_an_event_that_was_tampered_with, ())
{
    auto l = some_life();
    auto& victim = l.history[*rc::gen::inRange<std::size_t>(0, l.history.size())];
    switch (*rc::gen::inRange(0, 3)) {
        case 0: victim.seq += *rc::gen::elementOf(std::vector<std::int64_t>{-1, 1, 100}); break;
        case 1:
            victim.previous =
                static_cast<booking_status>((static_cast<int>(victim.previous) + 1) % 5);
            break;
        default:
            victim.status = static_cast<booking_status>((static_cast<int>(victim.status) + 1) % 5);
            break;
    }
    RC_ASSERT(code_of(fold(l.now.terms, l.history)) == errc::illegal_transition);
}

TEST(fold, wants_a_beginning)
{
    EXPECT_EQ(detail_of(fold(terms_of("ACB10001"), {})),
              "event 1 of ACB10001 does not follow from the ones before it");
}

TEST(fold, names_the_first_event_that_does_not_follow)
{
    auto const b = a_booking("ACB10001");
    std::vector history{book(b.terms, {}, noon).value(), depart(b).fact, depart(b).fact};
    history.back().seq = 3;
    EXPECT_EQ(detail_of(fold(b.terms, history)),
              "event 3 of ACB10001 does not follow from the ones before it");
}

TEST(fold, wants_an_arrival_to_have_a_place)
{
    auto const b = a_booking("ACB10001");
    auto nowhere = arrive(depart(b).after).fact;
    nowhere.location = std::nullopt;
    EXPECT_EQ(code_of(fold(b.terms,
                           std::vector{book(b.terms, {}, noon).value(), depart(b).fact, nowhere})),
              errc::illegal_transition);
}

}  // namespace
}  // namespace aircargo::test
