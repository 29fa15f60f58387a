#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/routing/board.hpp>
#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/flight_change.hpp>
#include <aircargo/routing/lane.hpp>
#include <aircargo/routing/schedule_arrange.hpp>
#include <aircargo/routing/schedule_block.hpp>
#include <aircargo/routing/shared_array.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {

/// A flight of a schedule; the name lives as long as the schedule does.
struct flight_view {
    flight_id id;
    flight_number number;
    std::string_view airline_name;
    airport_code origin;
    airport_code destination;
    utc_time departure;
    utc_time arrival;
};

/// Names a flight within one schedule.
struct flight_place {
    airport_index origin;
    airport_index destination;
    std::uint32_t position;  ///< in the lane

    friend bool operator==(flight_place const&, flight_place const&) = default;
};

/// An immutable snapshot of all flights, arranged for search:
///  - airports are numbered, the busiest first;
///  - a lane is an ordered airport pair that somebody flies, with its flights by departure;
///  - every airport has a board of departures, with the lanes that leave it, and a board of
///    arrivals; what lies between two airports is what one's departures and the other's arrivals
///    have in common;
///  - times are seconds since `origin_of_time()`, 32 bits.
/// A changed schedule shares with the one before it all that did not change. Copies share
/// everything; safe from any number of threads.
template <lane_form Lane>
class basic_schedule {
public:
    using lane_type = Lane;
    using board_type = board<Lane>;
    using position = typename Lane::position;

    basic_schedule() : basic_schedule(std::span<flight const>()) {}
    /// \pre every flight arrives after it departs, not where it came from, and all lie within 130
    /// years; see `fault_of`
    explicit basic_schedule(std::span<flight const> flights);
    /// Uses bytes of `bytes()` where they lie, for as long as `keep` holds them. Other bytes never
    /// make a search read outside of them. \return the schedule, or `errc::invalid_request`.
    [[nodiscard]] static result<basic_schedule> from_bytes(std::shared_ptr<void const> keep,
                                                           std::span<std::byte const> bytes);

    [[nodiscard]] std::size_t size() const noexcept { return flights_; }
    [[nodiscard]] std::span<airport_code const> airports() const noexcept
    {
        return airports_->codes;
    }
    [[nodiscard]] std::span<std::string const> airlines() const noexcept { return *airlines_; }
    [[nodiscard]] std::size_t lane_count() const noexcept;
    /// From the first to the last departure; flights that were cancelled later still count. Nothing
    /// when there is no flight.
    [[nodiscard]] std::optional<std::pair<utc_time, utc_time>> horizon() const noexcept;

    /// The airport's number; nothing when no flight serves it.
    [[nodiscard]] std::optional<airport_index> find(airport_code code) const noexcept;
    /// The lanes that leave an airport, by destination.
    [[nodiscard]] board_type const& departures(airport_index origin) const noexcept
    {
        return departures_[origin];
    }
    /// The lanes that lead to an airport, by origin.
    [[nodiscard]] board_type const& arrivals(airport_index destination) const noexcept
    {
        return arrivals_[destination];
    }
    /// Null where nobody flies.
    [[nodiscard]] Lane const* lane_between(airport_index origin,
                                           airport_index destination) const noexcept
    {
        return departures(origin).find(destination);
    }
    /// Calls `use(airport, lane into it, lane out of it)` for every airport with a lane from
    /// `origin` and one to `destination`.
    template <class Use>
    void for_each_between(airport_index origin, airport_index destination, Use use) const
    {
        departures(origin).for_each_common(
            arrivals(destination),
            [&](Lane const& in, Lane const& out) { use(in.other_end(), in, out); });
    }

    [[nodiscard]] flight_view at(flight_place place) const noexcept;
    [[nodiscard]] std::string_view airline_name(airline_index nth) const noexcept
    {
        return nth < airlines_->size() ? std::string_view((*airlines_)[nth]) : std::string_view();
    }

    [[nodiscard]] utc_time origin_of_time() const noexcept { return from_epoch(base_time_); }
    /// The instant in seconds of this schedule; one before or after what it can hold becomes the
    /// nearest it can.
    [[nodiscard]] seconds32 to_seconds(utc_time t) const noexcept
    {
        auto const since = to_epoch(t) - base_time_;
        return static_cast<seconds32>(std::clamp<std::int64_t>(since, 0, never));
    }
    [[nodiscard]] utc_time to_time(seconds32 t) const noexcept
    {
        return origin_of_time() + std::chrono::seconds(t);
    }

    /// The schedule after some changes; shares all lanes that they do not touch. Costs the changed
    /// lanes and the boards they are on. Either all changes are made, or none.
    /// \return `errc::not_found` for a flight to cancel or retime that is not there,
    /// `errc::invalid_request` for one that could not be true.
    [[nodiscard]] result<basic_schedule> with(std::span<flight_change const> changes) const;

    /// All flights, lane by lane.
    [[nodiscard]] std::vector<flight> flights() const;
    /// The whole snapshot as bytes, which `from_bytes` can use where they lie; they live as long as
    /// this. \pre no changes since it was made from flights or bytes
    [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return block_.bytes(); }
    [[nodiscard]] bool changed() const noexcept { return changed_; }

    /// Bytes that searches read.
    [[nodiscard]] std::size_t hot_memory() const noexcept;

private:
    struct airport_numbers {
        std::vector<airport_code> codes;
        std::vector<airport_index> by_code;  // by airport_code::index()

        explicit airport_numbers(std::vector<airport_code> all);
    };
    using boards = detail::shared_array<board_type>;

    explicit basic_schedule(detail::block block);

    [[nodiscard]] airport_index add_airport(airport_code code);
    [[nodiscard]] airline_index add_airline(std::string const& name);
    [[nodiscard]] result<void> change_lane(std::span<flight_change const> changes);
    void put_lane(airport_index origin, airport_index destination,
                  std::span<lane_flight const> flights);

    detail::block block_;
    std::int64_t base_time_;
    std::size_t flights_;
    seconds32 first_departure_;
    seconds32 last_departure_;
    std::shared_ptr<airport_numbers const> airports_;
    std::shared_ptr<std::vector<std::string> const> airlines_;
    boards departures_;
    boards arrivals_;
    bool changed_ = false;
};

/// The form for searching.
using schedule = basic_schedule<lane>;

template <lane_form Lane>
basic_schedule<Lane>::basic_schedule(std::span<flight const> flights)
    : basic_schedule(detail::write_block<Lane>(detail::flight_arranger(flights).contents()))
{}

template <lane_form Lane>
basic_schedule<Lane>::basic_schedule(detail::block block)
    : block_(std::move(block)),
      base_time_(block_.head().base_time),
      flights_(block_.head().flights),
      first_departure_(block_.head().first_departure),
      last_departure_(block_.head().last_departure),
      airports_(std::make_shared<airport_numbers>(block_.airports())),
      airlines_(std::make_shared<std::vector<std::string>>(block_.airlines()))
{
    std::vector<std::vector<Lane>> out(airports_->codes.size());
    std::vector<std::vector<Lane>> in(airports_->codes.size());
    for (auto const& head : block_.lanes()) {
        auto const* const hot = block_.at(block_.head().hot) + head.hot;
        auto const* const cold = block_.at(block_.head().cold) + head.cold;
        out[head.origin].emplace_back(head, hot, cold, head.destination);
        in[head.destination].emplace_back(head, hot, cold, head.origin);
    }
    departures_ = boards(std::move(out));
    arrivals_ = boards(std::move(in));
}

template <lane_form Lane>
result<basic_schedule<Lane>> basic_schedule<Lane>::from_bytes(std::shared_ptr<void const> keep,
                                                              std::span<std::byte const> bytes)
{
    if (auto const fault = detail::fault_of_bytes<Lane>(bytes)) {
        return refuse(errc::invalid_request, "the schedule " + std::string(*fault));
    }
    return basic_schedule(detail::block(std::move(keep), bytes.data()));
}

template <lane_form Lane>
basic_schedule<Lane>::airport_numbers::airport_numbers(std::vector<airport_code> all)
    : codes(std::move(all)), by_code(airport_code::index_count, static_cast<airport_index>(-1))
{
    for (std::size_t i = 0; i < codes.size(); ++i) {
        by_code[codes[i].index()] = static_cast<airport_index>(i);
    }
}

template <lane_form Lane>
std::optional<airport_index> basic_schedule<Lane>::find(airport_code code) const noexcept
{
    auto const nth = airports_->by_code[code.index()];
    return nth < airports_->codes.size() ? std::optional(nth) : std::nullopt;
}

template <lane_form Lane>
std::size_t basic_schedule<Lane>::lane_count() const noexcept
{
    std::size_t count = 0;
    for (std::size_t a = 0; a < airports().size(); ++a) count += departures_[a].lanes().size();
    return count;
}

template <lane_form Lane>
std::optional<std::pair<utc_time, utc_time>> basic_schedule<Lane>::horizon() const noexcept
{
    if (first_departure_ > last_departure_) return std::nullopt;
    return std::pair(to_time(first_departure_), to_time(last_departure_));
}

template <lane_form Lane>
flight_view basic_schedule<Lane>::at(flight_place place) const noexcept
{
    auto const f = lane_between(place.origin, place.destination)->at(place.position);
    return {f.id,
            f.number,
            airline_name(f.airline),
            airports()[place.origin],
            airports()[place.destination],
            to_time(f.departure),
            to_time(f.arrival)};
}

template <lane_form Lane>
std::vector<flight> basic_schedule<Lane>::flights() const
{
    std::vector<flight> all;
    all.reserve(size());
    for (std::size_t a = 0; a < airports().size(); ++a) {
        for (auto const& l : departures_[a].lanes()) {
            for (auto p = l.begin(); p != l.end(); p = l.next(p)) {
                auto const f = at({static_cast<airport_index>(a), l.other_end(), p});
                all.push_back({f.id, f.number, std::string(f.airline_name), f.origin, f.destination,
                               f.departure, f.arrival});
            }
        }
    }
    return all;
}

template <lane_form Lane>
std::size_t basic_schedule<Lane>::hot_memory() const noexcept
{
    std::size_t size = block_.head().hot.size;
    for (std::size_t a = 0; a < airports().size(); ++a) {
        size += departures_[a].memory() + arrivals_[a].memory();
    }
    return size;
}

template <lane_form Lane>
airport_index basic_schedule<Lane>::add_airport(airport_code code)
{
    if (auto const known = find(code)) return *known;
    auto codes = airports_->codes;
    codes.push_back(code);
    airports_ = std::make_shared<airport_numbers>(std::move(codes));
    departures_.push_back({});
    arrivals_.push_back({});
    return static_cast<airport_index>(airports_->codes.size() - 1);
}

template <lane_form Lane>
airline_index basic_schedule<Lane>::add_airline(std::string const& name)
{
    auto const at = std::find(airlines_->begin(), airlines_->end(), name);
    auto const nth = static_cast<airline_index>(at - airlines_->begin());
    if (at == airlines_->end()) {
        auto names = *airlines_;
        names.push_back(name);
        airlines_ = std::make_shared<std::vector<std::string>>(std::move(names));
    }
    return nth;
}

template <lane_form Lane>
void basic_schedule<Lane>::put_lane(airport_index origin, airport_index destination,
                                    std::span<lane_flight const> flights)
{
    auto head = Lane::head_of(flights);
    head.origin = origin;
    head.destination = destination;
    auto const sizes = Lane::sizes_of(head);
    auto const cold_at =
        detail::aligned(sizes.hot + detail::lane_slack * sizeof(seconds32), detail::part_alignment);
    auto const memory = detail::aligned_memory(cold_at + sizes.cold);
    Lane::write(flights, head, memory.get(), memory.get() + cold_at);
    Lane const out(head, memory.get(), memory.get() + cold_at, destination);
    Lane const in(head, memory.get(), memory.get() + cold_at, origin);
    departures_.replace(origin, departures(origin).with(out, memory));
    arrivals_.replace(destination, arrivals(destination).with(in, nullptr));
}

template <lane_form Lane>
result<void> basic_schedule<Lane>::change_lane(std::span<flight_change const> changes)
{
    auto const origin = add_airport(changes.front().origin);
    auto const destination = add_airport(changes.front().destination);
    std::vector<lane_flight> flights;
    if (auto const* const before = lane_between(origin, destination)) {
        flights.reserve(before->size() + changes.size());
        for (auto p = before->begin(); p != before->end(); p = before->next(p)) {
            flights.push_back(before->at(p));
        }
    }
    auto const count = flights.size();
    for (auto const& change : changes) {
        auto const old = std::find_if(flights.begin(), flights.end(),
                                      [&](auto const& f) { return f.id == change.id; });
        if (old == flights.end() && change.must_exist) {
            return refuse(errc::not_found,
                          "the schedule has no flight " +
                              std::to_string(static_cast<std::int64_t>(change.id)) + " from " +
                              std::string(change.origin.str()) + " to " +
                              std::string(change.destination.str()));
        }
        if (old != flights.end() && !change.must_exist) {
            return refuse(errc::already_exists,
                          "the schedule has flight " +
                              std::to_string(static_cast<std::int64_t>(change.id)) + " already");
        }
        auto next = old == flights.end() ? lane_flight{{}, {}, change.number, change.id, {}} : *old;
        if (old != flights.end()) flights.erase(old);
        if (!change.times) continue;
        next.departure = to_seconds(change.times->departure);
        next.arrival = to_seconds(change.times->arrival);
        if (!change.must_exist) next.airline = add_airline(change.airline_name);
        flights.insert(std::upper_bound(flights.begin(), flights.end(), next), next);
        first_departure_ = std::min(first_departure_, next.departure);
        last_departure_ = std::max(last_departure_, next.departure);
    }
    flights_ += flights.size() - count;
    put_lane(origin, destination, flights);
    return {};
}

template <lane_form Lane>
result<basic_schedule<Lane>> basic_schedule<Lane>::with(
    std::span<flight_change const> changes) const
{
    basic_schedule next = *this;
    next.changed_ = true;
    std::vector<flight_change> ordered(changes.begin(), changes.end());
    auto const lane_of = [](flight_change const& c) { return std::pair(c.origin, c.destination); };
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](auto const& a, auto const& b) { return lane_of(a) < lane_of(b); });
    for (auto first = ordered.begin(); first != ordered.end();) {
        auto const last = std::find_if(
            first, ordered.end(), [&](auto const& c) { return lane_of(c) != lane_of(*first); });
        for (auto c = first; c != last; ++c) {
            if (auto fault = fault_of(*c, origin_of_time())) return *std::move(fault);
        }
        if (auto done = next.change_lane({first, last}); done.has_error()) return done.error();
        first = last;
    }
    return next;
}

}  // namespace aircargo
