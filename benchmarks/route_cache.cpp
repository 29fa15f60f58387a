// Whether a cache of routes would pay: searching (limit 50) beside reading an answer from the
// memory cache and decoding it, and beside reading the flights of an answer. An entry is what would
// be the quickest to read: the places of the legs in the snapshot, with its version in front.
// `hits` find every key; `misses_and_fills` none, as after each change of the schedule.

#include <aircargo/cache/memory.hpp>
#include <aircargo/routing/search.hpp>
#include <aircargo/service/live_schedule.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <aircargo/world/made_up_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <benchmark/benchmark.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aircargo;

constexpr date first_day = std::chrono::year(2025) / 3 / 24;
constexpr std::size_t question_count = 512;

[[nodiscard]] schedule schedule_of(std::vector<flight> flights)
{
    for (std::size_t i = 0; i < flights.size(); ++i) {
        flights[i].id = static_cast<flight_id>(i + 1);
    }
    return schedule(flights);
}

/// A schedule and questions about it that have an answer: between large airports, most of which
/// have more itineraries than the limit.
class world {
public:
    world(std::string n, std::vector<flight> flights)
        : name(std::move(n)), live(schedule_of(std::move(flights)))
    {
        auto const s = live.snapshot();
        while (questions.size() < question_count) {
            auto const q = draw(s->airports().first(60));
            auto const found = search(*s, q);
            if (!found.direct.empty() || !found.transit.empty()) questions.push_back(q);
        }
    }

    std::string name;
    live_schedule live;
    std::vector<route_query> questions{};

private:
    [[nodiscard]] route_query draw(std::span<airport_code const> airports)
    {
        auto const day =
            date(std::chrono::sys_days(first_day) + std::chrono::days(1 + random_() % 6));
        auto const origin = airports[random_() % airports.size()];
        return {.origin = origin,
                .destination = airports[random_() % airports.size()],
                .day = day_at(origin, day).value(),
                .limit = 50};
    }

    std::mt19937_64 random_{1};
};

[[nodiscard]] world& world_of(std::int64_t which)
{
    static std::array const worlds{
        std::make_unique<world>("28 days of the demo schedule", demo_schedule(first_day, 28)),
        std::make_unique<world>("a million flights", made_up_schedule({.flights = 1'000'000}))};
    return *worlds.at(static_cast<std::size_t>(which));
}

[[nodiscard]] route_query const& question(world& w, benchmark::State const& state, std::size_t nth)
{
    auto& q = w.questions[nth % w.questions.size()];
    q.max_stops = static_cast<std::size_t>(state.range(1));
    return q;
}

// --------------------------------------------------------------------------------- the entry

/// `route:{origin}:{dest}:{date}` and what else these questions differ in.
[[nodiscard]] std::string key_of(route_query const& q)
{
    return "route:" + std::string(q.origin.str()) + ':' + std::string(q.destination.str()) + ':' +
           std::to_string(to_epoch(q.day.start)) + ':' + std::to_string(q.max_stops) + ':' +
           std::to_string(q.limit);
}

template <class T>
void write(std::string& to, T const& value)
{
    to.append(reinterpret_cast<char const*>(&value), sizeof value);
}

template <class T>
[[nodiscard]] T read(std::string_view& from)
{
    T value;
    std::memcpy(&value, from.data(), sizeof value);
    from.remove_prefix(sizeof value);
    return value;
}

void write_list(std::string& to, std::vector<itinerary> const& list)
{
    write(to, list.size());
    for (auto const& i : list) {
        write(to, i.legs().size());
        for (auto const& leg : i.legs()) write(to, leg);
    }
}

void read_list(std::string_view& from, schedule const& s, std::vector<itinerary>& list)
{
    auto const count = read<std::size_t>(from);
    list.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::array<flight_place, itinerary::max_legs> legs;
        auto const size = read<std::size_t>(from);
        for (std::size_t leg = 0; leg < size; ++leg) legs[leg] = read<flight_place>(from);
        list.emplace_back(s, std::span(legs).first(size));
    }
}

[[nodiscard]] std::string encode(std::uint64_t version, route_answer const& a)
{
    std::string out;
    write(out, version);
    write(out, a.direct_total);
    write(out, a.transit_total);
    write(out, a.more);
    write_list(out, a.direct);
    write_list(out, a.transit);
    return out;
}

/// \return whether the entry is of this version
[[nodiscard]] bool decode(std::string_view from, std::uint64_t version, schedule const& s,
                          route_answer& a)
{
    a.clear();
    if (read<std::uint64_t>(from) != version) return false;
    a.direct_total = read<std::size_t>(from);
    a.transit_total = read<std::size_t>(from);
    a.more = read<bool>(from);
    read_list(from, s, a.direct);
    read_list(from, s, a.transit);
    return true;
}

// -------------------------------------------------------------------------------- the cases

void searches(benchmark::State& state)
{
    auto& w = world_of(state.range(0));
    route_search searching;
    route_answer answer;
    std::size_t nth = 0;
    for (auto _ : state) {
        searching.run(*w.live.snapshot(), question(w, state, nth++), answer);
        benchmark::DoNotOptimize(answer.transit.data());
    }
    state.SetLabel(w.name);
}

void hits(benchmark::State& state)
{
    auto& w = world_of(state.range(0));
    auto const cache = make_cache<memory_cache>();
    auto const version = w.live.version();
    for (std::size_t i = 0; i < w.questions.size(); ++i) {
        auto const& q = question(w, state, i);
        std::array const keys{cache_key{key_of(q), ""}};
        cache->fill(
            std::array{cache_entry{keys.front(), encode(version, search(*w.live.snapshot(), q)), 0,
                                   std::chrono::hours(1), cache->get(keys).front().token}});
    }
    route_answer answer;
    std::size_t nth = 0;
    for (auto _ : state) {
        std::array const keys{cache_key{key_of(question(w, state, nth++)), ""}};
        auto const found = cache->get(keys);
        auto const s = w.live.snapshot();
        if (!decode(*found.front().value, version, *s, answer)) state.SkipWithError("stale");
        benchmark::DoNotOptimize(answer.transit.data());
    }
    state.SetLabel(w.name);
}

void misses_and_fills(benchmark::State& state)
{
    auto& w = world_of(state.range(0));
    auto const cache = make_cache<memory_cache>();
    route_search searching;
    route_answer answer;
    std::size_t nth = 0;
    for (auto _ : state) {
        auto const& q = question(w, state, nth++);
        std::array const keys{cache_key{key_of(q) + ':' + std::to_string(nth), ""}};
        auto const found = cache->get(keys);
        searching.run(*w.live.snapshot(), q, answer);
        cache->fill(std::array{cache_entry{keys.front(), encode(w.live.version(), answer), 0,
                                           std::chrono::hours(1), found.front().token}});
    }
    state.SetLabel(w.name);
}

/// What an answer is for: its flights, as every caller reads them.
void reads_of_all_flights(benchmark::State& state)
{
    auto& w = world_of(state.range(0));
    std::vector<route_answer> answers;
    auto const s = w.live.snapshot();
    for (std::size_t i = 0; i < w.questions.size(); ++i) {
        answers.push_back(search(*s, question(w, state, i)));
    }
    std::size_t nth = 0;
    for (auto _ : state) {
        auto const& answer = answers[nth++ % answers.size()];
        for (auto const& i : answer.transit) benchmark::DoNotOptimize(i.flights());
    }
    state.SetLabel(w.name);
}

void by_world_and_stops(benchmark::internal::Benchmark* b)
{
    b->ArgNames({"world", "stops"})->ArgsProduct({{0, 1}, {1, 2, 3}});
}
BENCHMARK(searches)->Apply(by_world_and_stops);
BENCHMARK(hits)->Apply(by_world_and_stops);
BENCHMARK(misses_and_fills)->Apply(by_world_and_stops);
BENCHMARK(reads_of_all_flights)->Apply(by_world_and_stops);

}  // namespace
