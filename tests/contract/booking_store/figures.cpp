#include "support/seed.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// A booking with all that happened to it.
struct told_booking {
    booking now;
    std::vector<event> events;
};

std::string text_of(booking_figures const& f)
{
    std::string out;
    auto const add = [&](auto const&... words) { ((out += words), ...); };
    for (auto const& d : f.days)
        add(to_string(d.day), " ", std::to_string(d.sum.bookings), " ", std::to_string(d.sum.grams),
            "\n");
    for (auto const& l : f.lanes)
        add(std::string(l.origin.str()), "-", std::string(l.destination.str()), " ",
            std::to_string(l.sum.bookings), " ", std::to_string(l.sum.grams), "\n");
    for (auto n : f.by_status) add(std::to_string(n), " ");
    add("\n", std::to_string(f.transit.arrived), " ", std::to_string(f.transit.read), " ",
        std::to_string(f.transit.mean.count()), "\n");
    return out;
}

/// What the figures are by their definition.
booking_figures wanted(std::vector<told_booking> const& all, figures_query const& query)
{
    booking_figures f;
    std::map<utc_time, booking_sum> days;
    std::map<std::pair<airport_code, airport_code>, booking_sum> lanes;
    std::chrono::seconds total{};
    for (auto const& [now, events] : all) {
        if (now.created_at < query.from || now.created_at >= query.to) continue;
        for (auto* sum : {&days[std::chrono::floor<std::chrono::days>(now.created_at)],
                          &lanes[{now.terms.origin, now.terms.destination}]}) {
            ++sum->bookings;
            sum->grams += now.terms.gross.grams();
        }
        ++f.by_status[static_cast<std::size_t>(now.status)];
        std::optional<utc_time> departed;
        std::optional<utc_time> arrived;
        for (auto const& e : events) {
            if (!departed && e.type == event_type::departed) departed = e.created_at;
            if (!arrived && e.status == booking_status::arrived) arrived = e.created_at;
        }
        if (!arrived) continue;
        ++f.transit.read;
        total += *arrived - *departed;
    }
    f.transit.arrived = f.transit.read;
    if (f.transit.read > 0) f.transit.mean = total / static_cast<std::int64_t>(f.transit.read);
    for (auto const& [start, sum] : days)
        f.days.push_back({date(std::chrono::floor<std::chrono::days>(start)), sum});
    for (auto const& [ends, sum] : lanes) f.lanes.push_back({ends.first, ends.second, sum});
    std::stable_sort(f.lanes.begin(), f.lanes.end(),
                     [](auto const& a, auto const& b) { return a.sum.bookings > b.sum.bookings; });
    if (f.lanes.size() > query.lanes) f.lanes.resize(query.lanes, f.lanes.front());
    return f;
}

template <class Backend>
class booking_figures_contract : public store_test<Backend> {
protected:
    std::vector<told_booking> all;

    void given(booking const& b)
    {
        auto const made = creation_of(b);
        all.push_back({apply_one(this->store, made).value(), {made.fact}});
    }
    void act(told_booking& on, command const& what, utc_time when)
    {
        auto const next = decided(on.now, what, when);
        on.now = apply_one(this->store, next).value();
        on.events.push_back(next.fact);
    }
    std::string figures(figures_query const& query)
    {
        return text_of(this->store.figures(query).value());
    }
};
TYPED_TEST_SUITE(booking_figures_contract, store_backends, backend_names);

TYPED_TEST(booking_figures_contract, of_nothing_are_empty)
{
    EXPECT_EQ(this->figures({noon, noon + 24h}), "0 0 0 0 0 \n0 0 0\n");
    this->given(a_booking("ACB20001"));
    EXPECT_EQ(this->figures({noon, noon}), "0 0 0 0 0 \n0 0 0\n");
    EXPECT_EQ(this->figures({noon + 1s, noon + 24h}), "0 0 0 0 0 \n0 0 0\n");
}

TYPED_TEST(booking_figures_contract, tell_bookings_and_weight_by_day_and_lane)
{
    auto heavy = a_booking("ACB20002", {}, at("2025-12-01T23:59:59"));
    heavy.terms.gross = weight::from_grams(1'000'001).value();
    auto other = a_booking("ACB20003", {}, at("2025-12-02T00:00"));
    other.terms.origin = airport("FRA");
    other.at = other.terms.origin;
    this->given(a_booking("ACB20001", {}, at("2025-12-01T00:00")));
    this->given(heavy);
    this->given(other);
    figures_query query{at("2025-12-01T00:00"), at("2025-12-02T00:00:01")};
    EXPECT_EQ(this->figures(query),
              "2025-12-01 2 1340001\n2025-12-02 1 340000\n"
              "DEL-BLR 2 1340001\nFRA-BLR 1 340000\n"
              "3 0 0 0 0 \n0 0 0\n");
    query.lanes = 1;
    query.to = at("2025-12-02T00:00");
    EXPECT_EQ(this->figures(query), "2025-12-01 2 1340001\nDEL-BLR 2 1340001\n2 0 0 0 0 \n0 0 0\n");
}

TYPED_TEST(booking_figures_contract, tell_the_way_from_first_departure_to_last_arrival)
{
    this->given(a_booking("ACB20001", this->store_test<TypeParam>::given(via_bombay())));
    auto& b = this->all.front();
    this->act(b, command_of(booking_act::depart), noon + 1h);
    this->act(b, command_of(booking_act::arrive, "BOM"), noon + 3h);
    figures_query const query{noon, noon + 1s};
    EXPECT_EQ(this->figures(query), "2025-12-01 1 340000\nDEL-BLR 1 340000\n0 1 0 0 0 \n0 0 0\n");
    this->act(b, command_of(booking_act::depart, "BOM"), noon + 5h);
    this->act(b, command_of(booking_act::arrive), noon + 7h + 1s);
    EXPECT_EQ(this->figures(query),
              "2025-12-01 1 340000\nDEL-BLR 1 340000\n0 0 1 0 0 \n1 1 21601\n");
    this->act(b, command_of(booking_act::deliver), noon + 90h);
    EXPECT_EQ(this->figures(query),
              "2025-12-01 1 340000\nDEL-BLR 1 340000\n0 0 0 1 0 \n1 1 21601\n");
}

TYPED_TEST(booking_figures_contract, read_no_more_than_asked)
{
    for (int i = 0; i < 60; ++i) {
        this->given(a_booking("ACB" + std::to_string(20'001 + i), {}, noon + i * 1min));
        auto& b = this->all.back();
        this->act(b, command_of(booking_act::depart), noon + 2h);
        this->act(b, command_of(booking_act::arrive), noon + 5h);
    }
    figures_query query{noon, noon + 24h};
    query.transits_up_to = 10;
    auto const some = this->store.figures(query).value().transit;
    EXPECT_EQ(some.arrived, 60U);
    EXPECT_GT(some.read, 0U);
    EXPECT_LE(some.read, 11U);
    EXPECT_EQ(some.mean, 3h);

    query.bookings_up_to = 60;
    EXPECT_EQ(code_of(this->store.figures(query)), accepted);
    query.bookings_up_to = 59;
    EXPECT_EQ(code_of(this->store.figures(query)), errc::invalid_request);
    query.to = noon + 59min;
    EXPECT_EQ(code_of(this->store.figures(query)), accepted);
}

TYPED_TEST(booking_figures_contract, refuse_what_makes_no_sense)
{
    EXPECT_EQ(code_of(this->store.figures({noon, noon - 1s})), errc::invalid_request);
    figures_query query{noon, noon};
    query.transits_up_to = 0;
    EXPECT_EQ(code_of(this->store.figures(query)), errc::invalid_request);
    query = {noon, noon};
    query.bookings_up_to = 0;
    EXPECT_EQ(code_of(this->store.figures(query)), errc::invalid_request);
}

TYPED_TEST(booking_figures_contract, are_what_adding_up_by_hand_gives)
{
    random_source random(printed_seed());
    constexpr std::array airports{"DEL", "BLR", "BOM", "DOH"};
    for (int i = 0; i < 150; ++i) {
        auto b = a_booking("ACB" + std::to_string(30'000 + i), {},
                           noon + between(random, 0, 6 * 86'400) * 1s);
        b.terms.origin = airport(one_of(random, airports));
        do {
            b.terms.destination = airport(one_of(random, airports));
        } while (b.terms.destination == b.terms.origin);
        b.at = b.terms.origin;
        b.terms.gross = weight::from_grams(between(random, 1, 5'000'000)).value();
        this->given(b);
        auto& told = this->all.back();
        auto when = b.created_at;
        auto const acts = between(random, 0, 4);
        for (auto const next : {booking_act::depart, booking_act::arrive, booking_act::deliver}) {
            if (told.events.size() > static_cast<std::size_t>(acts)) break;
            when += between(random, 1, 200'000) * 1s;
            bool const stops = acts == 2 && chance(random, 0.3);
            if (stops && !has_arrived(told.now.status)) {
                this->act(told, command_of(booking_act::cancel), when);
                break;
            }
            this->act(told, command_of(next), when);
        }
    }
    for (int round = 0; round < 40; ++round) {
        figures_query query{noon + between(random, -10, 5 * 86'400) * 1s, noon};
        query.to = query.from + between(random, 0, 4 * 86'400) * 1s;
        query.lanes = between<std::size_t>(random, 1, 12);
        EXPECT_EQ(this->figures(query), text_of(wanted(this->all, query))) << "round " << round;
    }
}

}  // namespace
}  // namespace aircargo::test
