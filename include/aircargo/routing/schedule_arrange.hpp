#pragma once

#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/schedule_arrays.hpp>
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

/// How the arrays of a schedule come about from flights in any order. Each function fills what its
/// name says.
namespace aircargo::detail {

constexpr std::uint32_t day_length = 24 * 60 * 60;

/// A flight on its way to its place: compared as numbers, so that sorting millions is quick.
struct arranged_flight {
    std::uint64_t lane_key;  ///< origin, destination: their indexes
    std::uint64_t order;     ///< departure, rank of the flight number
    flight_id id;
    std::uint32_t source;  ///< place in the input

    friend bool operator<(arranged_flight const& a, arranged_flight const& b) noexcept
    {
        return std::tie(a.lane_key, a.order, a.id) < std::tie(b.lane_key, b.order, b.id);
    }
};

/// Gives each different value a rank, in order, so that comparing ranks compares values.
template <class Value>
class rank_table {
public:
    /// The value of the next element of the input.
    void add(Value const& value)
    {
        auto const nth = static_cast<std::uint32_t>(seen_.size());
        ranks_.push_back(seen_.try_emplace(value, nth).first->second);
    }
    /// After the last `add`.
    void sort()
    {
        std::vector<std::pair<Value, std::uint32_t>> all(seen_.begin(), seen_.end());
        std::sort(all.begin(), all.end());
        std::vector<std::uint32_t> rank(all.size());
        for (std::uint32_t r = 0; r < all.size(); ++r) {
            rank[all[r].second] = r;
            sorted_.push_back(all[r].first);
        }
        for (auto& r : ranks_) r = rank[r];
    }

    [[nodiscard]] std::span<Value const> sorted() const noexcept { return sorted_; }
    /// Of the element at this place of the input.
    [[nodiscard]] std::uint32_t rank(std::size_t source) const noexcept { return ranks_[source]; }

private:
    std::unordered_map<Value, std::uint32_t> seen_;
    std::vector<Value> sorted_;
    std::vector<std::uint32_t> ranks_;
};

/// For each word of a row of airport bits: how many are set in the words before it.
inline void count_bits_before(std::span<std::uint64_t const> bits, std::span<std::uint16_t> before,
                              std::size_t words)
{
    for (std::size_t i = 0; i < bits.size(); ++i) {
        bool const row_starts = i % words == 0;
        before[i] = row_starts
                        ? std::uint16_t{0}
                        : static_cast<std::uint16_t>(before[i - 1] + std::popcount(bits[i - 1]));
    }
}

/// Airports by code.
[[nodiscard]] inline std::vector<airport_code> airports_of(std::span<flight const> flights)
{
    std::vector<bool> seen(airport_code::index_count);
    std::vector<airport_code> codes;
    auto const note = [&](airport_code code) {
        if (seen[code.index()]) return;
        seen[code.index()] = true;
        codes.push_back(code);
    };
    for (auto const& f : flights) {
        note(f.origin);
        note(f.destination);
    }
    std::sort(codes.begin(), codes.end());
    return codes;
}

/// Midnight UTC before the first departure.
[[nodiscard]] inline std::int64_t base_time_of(std::span<flight const> flights)
{
    auto const first =
        std::min_element(flights.begin(), flights.end(),
                         [](auto const& a, auto const& b) { return a.departure < b.departure; });
    if (first == flights.end()) return 0;
    return std::chrono::sys_seconds(std::chrono::floor<std::chrono::days>(first->departure))
        .time_since_epoch()
        .count();
}

class schedule_arranger {
public:
    explicit schedule_arranger(std::span<flight const> flights)
        : flights_(flights), base_(base_time_of(flights)), airports_(airports_of(flights))
    {
        for (auto const& f : flights) {
            numbers_.add(f.number);
            names_.add(f.airline_name);
        }
        numbers_.sort();
        names_.sort();
    }

    [[nodiscard]] schedule_arrays run()
    {
        sort_flights();
        find_lanes();
        arrays_ = schedule_arrays::make(head());
        fill_airports();
        fill_texts();
        fill_lanes();
        fill_flights();
        return std::move(arrays_);
    }

private:
    using u32 = std::uint32_t;

    struct lane_span {
        std::uint16_t origin;
        std::uint16_t destination;
        u32 first;
        u32 last;
    };

    [[nodiscard]] u32 seconds(utc_time t) const { return static_cast<u32>(to_epoch(t) - base_); }

    void sort_flights()
    {
        index_.assign(airport_code::index_count, schedule_arrays::no_airport);
        for (std::size_t i = 0; i < airports_.size(); ++i) {
            index_[airports_[i].index()] = static_cast<std::uint16_t>(i);
        }
        sorted_.reserve(flights_.size());
        for (u32 i = 0; i < flights_.size(); ++i) {
            auto const& f = flights_[i];
            auto const origin = index_[f.origin.index()];
            auto const destination = index_[f.destination.index()];
            sorted_.push_back({(std::uint64_t{origin} << 16) | destination,
                               (std::uint64_t{seconds(f.departure)} << 32) | numbers_.rank(i), f.id,
                               i});
        }
        std::sort(sorted_.begin(), sorted_.end());
    }

    void find_lanes()
    {
        for (u32 first = 0; first < sorted_.size();) {
            auto const key = sorted_[first].lane_key;
            u32 last = first;
            while (last < sorted_.size() && sorted_[last].lane_key == key) ++last;
            lanes_.push_back({static_cast<std::uint16_t>(key >> 16),
                              static_cast<std::uint16_t>(key), first, last});
            first = last;
        }
    }

    [[nodiscard]] u32 departure_of(u32 sorted) const
    {
        return static_cast<u32>(sorted_[sorted].order >> 32);
    }
    [[nodiscard]] u32 first_day(lane_span const& l) const
    {
        return departure_of(l.first) / day_length;
    }
    [[nodiscard]] u32 days_of(lane_span const& l) const
    {
        return departure_of(l.last - 1) / day_length - first_day(l) + 1;
    }

    [[nodiscard]] schedule_head head() const
    {
        schedule_head h;
        h.base_time = base_;
        h.counts = counts();
        h.first_departure = std::numeric_limits<u32>::max();
        for (auto const& lane : lanes_) {
            h.first_departure = std::min(h.first_departure, departure_of(lane.first));
            h.last_departure = std::max(h.last_departure, departure_of(lane.last - 1));
        }
        return h;
    }

    [[nodiscard]] schedule_counts counts() const
    {
        schedule_counts n;
        n.airports = static_cast<u32>(airports_.size());
        n.lanes = static_cast<u32>(lanes_.size());
        n.flights = static_cast<u32>(sorted_.size());
        for (auto const& l : lanes_) n.days += days_of(l) + 1;
        n.numbers = static_cast<u32>(numbers_.sorted().size());
        n.names = static_cast<u32>(names_.sorted().size());
        for (auto const& name : names_.sorted()) n.name_bytes += static_cast<u32>(name.size());
        return n;
    }

    void fill_airports()
    {
        std::copy(airports_.begin(), airports_.end(), arrays_.airports.begin());
        std::copy(index_.begin(), index_.end(), arrays_.index_of_code.begin());
    }

    void fill_texts()
    {
        std::copy(numbers_.sorted().begin(), numbers_.sorted().end(), arrays_.numbers.begin());
        u32 end = 0;
        for (u32 i = 0; i < names_.sorted().size(); ++i) {
            auto const name = names_.sorted()[i];
            arrays_.name_at[i] = end;
            std::copy(name.begin(), name.end(), arrays_.names.begin() + end);
            end += static_cast<u32>(name.size());
        }
        arrays_.name_at[names_.sorted().size()] = end;
    }

    void fill_lanes()
    {
        std::size_t const words = arrays_.head->counts.words();
        u32 days = 0;
        for (u32 l = 0; l < lanes_.size(); ++l) {
            auto const& lane = lanes_[l];
            arrays_.lane_origin[l] = lane.origin;
            arrays_.lane_destination[l] = lane.destination;
            arrays_.first_flight[l] = lane.first;
            arrays_.bits_out[lane.origin * words + lane.destination / 64U] |=
                std::uint64_t{1} << (lane.destination % 64U);
            arrays_.bits_in[lane.destination * words + lane.origin / 64U] |= std::uint64_t{1}
                                                                             << (lane.origin % 64U);
            ++arrays_.first_lane_out[lane.origin + 1U];
            ++arrays_.first_lane_in[lane.destination + 1U];
            arrays_.first_day[l] = first_day(lane);
            arrays_.day_table_at[l] = days;
            days = fill_day_table(lane, days);
        }
        arrays_.first_flight[lanes_.size()] = static_cast<u32>(sorted_.size());
        arrays_.day_table_at[lanes_.size()] = days;
        auto const add_up = [](std::span<u32> counts) {
            std::partial_sum(counts.begin(), counts.end(), counts.begin());
        };
        add_up(arrays_.first_lane_out);
        add_up(arrays_.first_lane_in);
        count_bits_before(arrays_.bits_out, arrays_.lanes_before_out, words);
        count_bits_before(arrays_.bits_in, arrays_.lanes_before_in, words);

        std::vector<u32> next(arrays_.first_lane_in.begin(), arrays_.first_lane_in.end());
        for (u32 l = 0; l < lanes_.size(); ++l) arrays_.lanes_in[next[lanes_[l].destination]++] = l;
    }

    [[nodiscard]] u32 fill_day_table(lane_span const& lane, u32 at)
    {
        auto const first = first_day(lane);
        auto f = lane.first;
        for (u32 day = first; day < first + days_of(lane); ++day) {
            while (departure_of(f) / day_length < day) ++f;
            arrays_.day_table[at++] = f;
        }
        arrays_.day_table[at++] = lane.last;
        return at;
    }

    void fill_flights()
    {
        for (u32 i = 0; i < sorted_.size(); ++i) {
            auto const& f = flights_[sorted_[i].source];
            arrays_.departure[i] = departure_of(i);
            arrays_.arrival[i] = seconds(f.arrival);
            arrays_.id[i] = f.id;
            arrays_.number_rank[i] = static_cast<u32>(sorted_[i].order);
            arrays_.name_rank[i] = names_.rank(sorted_[i].source);
        }
        for (auto const& lane : lanes_) {
            auto least = std::numeric_limits<u32>::max();
            for (u32 f = lane.last; f-- > lane.first;) {
                least = std::min(least, arrays_.arrival[f]);
                arrays_.least_arrival[f] = least;
            }
        }
    }

    std::span<flight const> flights_;
    std::int64_t base_;
    std::vector<airport_code> airports_;
    rank_table<flight_number> numbers_;
    rank_table<std::string_view> names_;
    std::vector<std::uint16_t> index_;
    std::vector<arranged_flight> sorted_;
    std::vector<lane_span> lanes_;
    schedule_arrays arrays_;
};

[[nodiscard]] inline schedule_arrays arrange(std::span<flight const> flights)
{
    return schedule_arranger(flights).run();
}

}  // namespace aircargo::detail
