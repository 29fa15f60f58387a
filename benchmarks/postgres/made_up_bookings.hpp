#pragma once

#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/core/ref_block.hpp>
#include <aircargo/store/postgres.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// A history of made-up bookings: any number of them, each always the same. One comes every two
/// seconds, half are delivered, and they have three events on average. Their airports are as
/// unevenly used as real ones, and one in three goes through the hub with two flights.
namespace aircargo::bench {

class made_up_bookings {
public:
    static constexpr std::size_t airports = 40;
    static constexpr std::size_t hub = 0;

    /// The flights that the bookings need, without ids.
    [[nodiscard]] static std::vector<flight> flights_needed();
    /// `stored` are the flights as the store gave them back.
    explicit made_up_bookings(std::vector<flight> stored) : flights_(std::move(stored)) {}

    [[nodiscard]] booking_record record(std::uint64_t n) const;
    [[nodiscard]] static booking_ref ref(std::uint64_t n)
    {
        return nth_ref({0x8f3a11c5e7d90b42, 0x5be0cd19137e2179}, n);
    }
    [[nodiscard]] static utc_time created_at(std::uint64_t n)
    {
        return from_epoch(1'700'000'000 + static_cast<std::int64_t>(n) * 2);
    }
    [[nodiscard]] static airport_code airport(std::size_t i)
    {
        std::array const code{'H', static_cast<char>('A' + i / 26),
                              static_cast<char>('A' + i % 26)};
        return airport_code::parse({code.data(), code.size()}).value();
    }
    /// Some airport: the first of them are as busy as hubs, the last are rare.
    template <class Random>
    [[nodiscard]] static std::size_t some_airport(Random& random)
    {
        double const u = std::uniform_real_distribution(0.0, 1.0)(random);
        return static_cast<std::size_t>(u * u * static_cast<double>(airports));
    }

private:
    [[nodiscard]] static std::vector<booking_act> acts(unsigned percent);

    std::vector<flight> flights_;  // 2i from the airport i to the hub, 2i + 1 back
};

inline std::vector<flight> made_up_bookings::flights_needed()
{
    using namespace std::chrono_literals;
    auto const noon = from_epoch(1'800'014'400);
    std::vector<flight> flights;
    for (std::size_t i = 0; i < airports; ++i) {
        auto const other = i == hub ? airports : i;  // the hub needs none, but keeps its place
        auto const number = [&](std::size_t n) {
            return flight_number::parse("AC" + std::to_string(n)).value();
        };
        flights.push_back({.number = number(100 + i),
                           .airline_name = "Air Cargo",
                           .origin = airport(other),
                           .destination = airport(hub),
                           .departure = noon,
                           .arrival = noon + 3h});
        flights.push_back({.number = number(200 + i),
                           .airline_name = "Air Cargo",
                           .origin = airport(hub),
                           .destination = airport(other),
                           .departure = noon + 6h,
                           .arrival = noon + 9h});
    }
    return flights;
}

inline std::vector<booking_act> made_up_bookings::acts(unsigned percent)
{
    using enum booking_act;
    if (percent < 52) return {depart, arrive, deliver};
    if (percent < 60) return {depart, arrive};
    if (percent < 68) return {depart};
    if (percent < 84) return {cancel};
    return {};
}

inline booking_record made_up_bookings::record(std::uint64_t n) const
{
    std::mt19937_64 random(n * 0x9e3779b97f4a7c15U + 1);
    auto const origin = some_airport(random);
    auto destination = some_airport(random);
    if (destination == origin) destination = (origin + 1) % airports;
    booking_terms terms{
        .ref = ref(n),
        .origin = airport(origin),
        .destination = airport(destination),
        .pieces = static_cast<std::int32_t>(1 + random() % 40),
        .gross = weight::from_grams(500 + static_cast<std::int64_t>(random() % 900'000)).value()};
    if (random() % 3 == 0 && origin != hub && destination != hub) {
        for (auto const& f : {flights_[2 * origin], flights_[2 * destination + 1]})
            terms.legs.push_back({f.id, f.number, f.origin, f.destination, f.departure, f.arrival});
    }
    annotation const note{"", "desk-" + std::to_string(random() % 50),
                          "req-" + std::to_string(random())};
    auto const first = book(terms, note, created_at(n)).value();
    booking_record out{open_booking(terms, first), {first}};
    for (auto act : acts(static_cast<unsigned>(random() % 100))) {
        command const c{.act = act, .note = note};
        auto const fact = step(out.now, c, out.now.updated_at + std::chrono::hours(5)).value();
        out.now = evolve(std::move(out.now), fact);
        out.history.push_back(fact);
    }
    return out;
}

}  // namespace aircargo::bench
