#include "support/all_journeys.hpp"
#include "support/schedule_text.hpp"
#include <aircargo/routing/hubs.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

std::string codes(std::vector<hub> const& hubs)
{
    std::string text;
    for (auto const& h : hubs) text += (text.empty() ? "" : " ") + std::string(h.airport.str());
    return text;
}

/// Both ways between DEL and three others.
std::vector<flight> const star = flights_from_text(
    "AI1 DEL 2025-12-01T06:00 BOM 08:00\n"
    "AI2 BOM 2025-12-01T06:00 DEL 08:00\n"
    "AI3 DEL 2025-12-01T06:00 BLR 08:00\n"
    "AI4 BLR 2025-12-01T06:00 DEL 08:00\n"
    "AI5 DEL 2025-12-01T06:00 CCU 08:00\n"
    "AI6 CCU 2025-12-01T06:00 DEL 08:00\n");

TEST(central_hubs, finds_where_all_others_change)
{
    auto const hubs = central_hubs(schedule(star), 20);
    ASSERT_EQ(hubs.size(), 1U) << codes(hubs);
    EXPECT_EQ(hubs[0].airport, airport("DEL"));
    EXPECT_DOUBLE_EQ(hubs[0].score, 6);  // the ordered pairs of the other three
    EXPECT_DOUBLE_EQ(hubs[0].share, 0.5);
    EXPECT_EQ(hubs[0].lanes_out, 3U);
    EXPECT_EQ(hubs[0].lanes_in, 3U);
}

TEST(central_hubs, shares_a_pair_between_equally_short_ways_and_orders_them_by_code)
{
    schedule const s(
        flights_from_text("AI1 AAA 2025-12-01T06:00 NNN 08:00\n"
                          "AI2 AAA 2025-12-01T06:00 MMM 08:00\n"
                          "AI3 AAA 2025-12-01T06:00 OOO 08:00\n"
                          "AI4 NNN 2025-12-01T10:00 ZZZ 12:00\n"
                          "AI5 MMM 2025-12-01T10:00 ZZZ 12:00\n"
                          "AI6 OOO 2025-12-01T10:00 ZZZ 12:00\n"));
    auto const hubs = central_hubs(s, 20);
    EXPECT_EQ(codes(hubs), "MMM NNN OOO");
    for (auto const& h : hubs) EXPECT_NEAR(h.score, 1. / 3, 1e-6);
    EXPECT_EQ(codes(central_hubs(s, 2)), "MMM NNN");
    EXPECT_EQ(codes(central_hubs(s, 0)), "");
}

TEST(central_hubs, weighs_the_connection_at_each_airport)
{
    // By MMM 4 h in the air, by NNN 4 h 30 min.
    schedule const s(
        flights_from_text("AI1 AAA 2025-12-01T06:00 MMM 08:00\n"
                          "AI2 MMM 2025-12-01T10:00 ZZZ 12:00\n"
                          "AI3 AAA 2025-12-01T06:00 NNN 08:00\n"
                          "AI4 NNN 2025-12-01T10:00 ZZZ 12:30\n"));
    EXPECT_EQ(codes(central_hubs(s, 20)), "MMM");
    auto const quick = connection_rule().set(airport("NNN"), std::chrono::minutes(60));
    EXPECT_EQ(codes(central_hubs(s, 20, quick)), "NNN");
}

TEST(central_hubs, takes_a_direct_flight_where_it_is_faster)
{
    std::string const by_mmm =
        "AI1 AAA 2025-12-01T06:00 MMM 08:00\n"
        "AI2 MMM 2025-12-01T10:00 ZZZ 12:00\n";
    EXPECT_EQ(codes(central_hubs(schedule(flights_from_text(by_mmm)), 20)), "MMM");
    auto const direct = by_mmm + "AI3 AAA 2025-12-01T06:00 ZZZ 11:00\n";
    EXPECT_EQ(codes(central_hubs(schedule(flights_from_text(direct)), 20)), "");
}

TEST(central_hubs, sees_no_lane_whose_flights_were_cancelled)
{
    auto const s =
        schedule(star).with(std::vector{cancel_flight(star[0]), cancel_flight(star[1])}).value();
    auto const hubs = central_hubs(s, 20);
    ASSERT_EQ(codes(hubs), "DEL");
    EXPECT_DOUBLE_EQ(hubs[0].score, 2);
    EXPECT_EQ(hubs[0].lanes_out, 2U);
    EXPECT_EQ(codes(central_hubs(schedule(), 20)), "");
}

/// Seconds and number of the shortest ways between all pairs, by trying every airport in between.
struct all_pairs {
    static constexpr std::uint64_t far = 1'000'000'000;
    std::vector<std::vector<std::uint64_t>> time;
    std::vector<std::vector<double>> ways;

    all_pairs(schedule const& s, connection_rule const& rule)
        : time(s.airports().size(), std::vector<std::uint64_t>(s.airports().size(), far)), ways()
    {
        auto lanes = time;
        for (airport_index v = 0; v < time.size(); ++v) {
            time[v][v] = 0;
            for (auto const& l : s.departures(v).lanes()) {
                if (l.size() == 0) continue;
                auto const connection =
                    std::chrono::seconds(rule.at(s.airports()[l.other_end()])).count();
                time[v][l.other_end()] = lanes[v][l.other_end()] =
                    l.least_block() + static_cast<std::uint64_t>(connection);
            }
        }
        for (std::size_t via = 0; via < time.size(); ++via) {
            for (auto& from : time) {
                for (std::size_t to = 0; to < time.size(); ++to) {
                    from[to] = std::min(from[to], from[via] + time[via][to]);
                }
            }
        }
        for (std::size_t from = 0; from < time.size(); ++from) {
            ways.emplace_back();
            for (std::size_t to = 0; to < time.size(); ++to) {
                ways[from].push_back(time[from][to] < far ? count(lanes, from, to) : 0);
            }
        }
    }

    double count(std::vector<std::vector<std::uint64_t>> const& lanes, std::size_t from,
                 std::size_t to) const
    {
        if (from == to) return 1;
        double all = 0;
        for (std::size_t last = 0; last < time.size(); ++last) {
            if (lanes[last][to] < far && time[from][last] + lanes[last][to] == time[from][to]) {
                all += count(lanes, from, last);
            }
        }
        return all;
    }
};

TEST(central_hubs, counts_as_the_definition_does_on_random_schedules)
{
    random_source random(printed_seed());
    std::size_t hubs_found = 0;
    for (int i = 0; i < 300; ++i) {
        schedule const s(few_flights(random));
        auto const rule = some_rule(random);
        all_pairs const pairs(s, rule);
        auto const n = s.airports().size();
        std::map<airport_code, double> expected;
        double connected = 0;
        for (std::size_t from = 0; from < n; ++from) {
            for (std::size_t to = 0; to < n; ++to) {
                if (from == to || pairs.time[from][to] >= all_pairs::far) continue;
                ++connected;
                for (std::size_t via = 0; via < n; ++via) {
                    if (via == from || via == to) continue;
                    if (pairs.time[from][via] + pairs.time[via][to] != pairs.time[from][to]) {
                        continue;
                    }
                    expected[s.airports()[via]] +=
                        pairs.ways[from][via] * pairs.ways[via][to] / pairs.ways[from][to];
                }
            }
        }
        auto const found = central_hubs(s, n, rule);
        ASSERT_EQ(found.size(), expected.size());
        for (std::size_t k = 0; k < found.size(); ++k) {
            auto const& h = found[k];
            ASSERT_NEAR(h.score, expected.at(h.airport), 1e-6);
            ASSERT_NEAR(h.share, h.score / connected, 1e-6);
            if (k > 0) ASSERT_GE(found[k - 1].score, h.score);
        }
        hubs_found += found.size();
    }
    EXPECT_GT(hubs_found, 300U);
}

/// The numbers of airports differ between a schedule that was changed and one made anew.
TEST(central_hubs, are_the_same_however_airports_are_numbered)
{
    random_source random(printed_seed());
    std::size_t hubs_found = 0;
    for (int i = 0; i < 100; ++i) {
        auto flights = few_flights(random);
        if (flights.empty()) continue;
        std::sort(flights.begin(), flights.end(),
                  [](auto const& a, auto const& b) { return a.departure < b.departure; });
        std::vector<flight_change> additions;
        for (auto f = flights.begin() + 1; f != flights.end(); ++f) {
            additions.push_back(add_flight(*f));
        }
        auto const grown = schedule(std::vector{flights.front()}).with(additions).value();
        auto const a = central_hubs(grown, 7);
        auto const b = central_hubs(schedule(flights), 7);
        ASSERT_EQ(codes(a), codes(b));
        for (std::size_t k = 0; k < a.size(); ++k) ASSERT_EQ(a[k].score, b[k].score);
        hubs_found += a.size();
    }
    EXPECT_GT(hubs_found, 100U);
}

}  // namespace
}  // namespace aircargo::test
