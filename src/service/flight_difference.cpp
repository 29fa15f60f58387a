#include "service/flight_difference.hpp"
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace aircargo::detail {
namespace {

/// The wanted flights by id, each to be taken once. Stores count ids up from 1, so this is an
/// array: it takes a fifth of the time of a hash table.
class flights_by_id {
public:
    /// Nothing when ids lie so far apart that the array would be many times too large.
    [[nodiscard]] static std::optional<flights_by_id> of(std::span<flight const> flights)
    {
        constexpr std::int64_t sparsest = 16;
        flights_by_id all;
        auto const most = sparsest * std::ssize(flights);
        for (auto const& f : flights) {
            auto const id = static_cast<std::int64_t>(f.id);
            if (id < 0 || id > most) return std::nullopt;
            auto const place = static_cast<std::size_t>(id);
            if (place >= all.flights_.size()) all.flights_.resize(std::max(place + 1, 2 * place));
            all.flights_[place] = &f;
        }
        return all;
    }

    /// Null when there is none, or it was taken before.
    [[nodiscard]] flight const* take(flight_id id)
    {
        auto const place = static_cast<std::uint64_t>(id);
        return place < flights_.size() ? std::exchange(flights_[place], nullptr) : nullptr;
    }

    /// Those that nobody took.
    template <class Use>
    void for_each_left(Use use) const
    {
        for (auto const* f : flights_) {
            if (f) use(*f);
        }
    }

private:
    std::vector<flight const*> flights_;
};

/// What a schedule knows of a flight beside its times.
[[nodiscard]] bool has_same_names(schedule const& s, lane_flight const& a, flight const& b)
{
    return a.number == b.number && s.airline_name(a.airline) == b.airline_name;
}

/// Finds the changes lane by lane.
class change_finder {
public:
    change_finder(schedule const& now, flights_by_id wanted, std::size_t most)
        : now_(now), wanted_(std::move(wanted)), most_(most)
    {}

    [[nodiscard]] std::optional<std::vector<flight_change>> find()
    {
        for (std::size_t a = 0; a < now_.airports().size(); ++a) {
            for (auto const& l : now_.departures(static_cast<airport_index>(a)).lanes()) {
                compare(now_.airports()[a], now_.airports()[l.other_end()], l);
                if (changes_.size() > most_) return std::nullopt;
            }
        }
        for (auto const* f : renamed_) changes_.push_back(add_flight(*f));
        wanted_.for_each_left([&](flight const& f) {
            if (changes_.size() <= most_) changes_.push_back(add_flight(f));
        });
        if (changes_.size() > most_) return std::nullopt;
        return std::move(changes_);
    }

private:
    void compare(airport_code origin, airport_code destination, lane const& l)
    {
        for (auto p = l.begin(); p != l.end(); p = l.next(p)) {
            auto const was = l.at(p);
            auto const* const is = wanted_.take(was.id);
            bool const same_lane = is && is->origin == origin && is->destination == destination;
            if (!same_lane || !has_same_names(now_, was, *is)) {
                changes_.push_back(
                    {origin, destination, was.id, true, std::nullopt, was.number, {}});
                if (is) renamed_.push_back(is);
            } else if (now_.to_time(was.departure) != is->departure ||
                       now_.to_time(was.arrival) != is->arrival) {
                changes_.push_back(retime_flight(*is, is->departure, is->arrival));
            }
        }
    }

    schedule const& now_;
    flights_by_id wanted_;
    std::size_t most_;
    std::vector<flight_change> changes_;
    std::vector<flight const*> renamed_;  // come under another name, or elsewhere
};

}  // namespace

std::optional<std::vector<flight_change>> difference(schedule const& now,
                                                     std::span<flight const> wanted,
                                                     std::size_t most)
{
    auto by_id = flights_by_id::of(wanted);
    if (!by_id) return std::nullopt;
    return change_finder(now, *std::move(by_id), most).find();
}

}  // namespace aircargo::detail
