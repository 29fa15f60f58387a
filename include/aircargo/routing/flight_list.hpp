#pragma once

#include <aircargo/routing/schedule.hpp>
#include <algorithm>
#include <compare>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

/// The flights of a schedule as a list by departure, a page at a time.
namespace aircargo {

/// Where a flight stands in the list: by departure, then number, then id. Without a flight it is
/// the place before all that depart then.
struct flight_place_in_list {
    utc_time departure;
    std::optional<std::pair<flight_number, flight_id>> flight{};

    friend auto operator<=>(flight_place_in_list const&, flight_place_in_list const&) = default;
};

[[nodiscard]] inline flight_place_in_list place_in_list(flight_view const& f)
{
    return {f.departure, std::pair(f.number, f.id)};
}

/// Every filter left out lets everything through.
struct flight_list_query {
    std::optional<airport_code> origin{};
    std::optional<airport_code> destination{};
    std::optional<flight_number> number{};
    utc_time departure_from = utc_time::min();
    utc_time departure_to = utc_time::max();      ///< before this instant
    std::optional<flight_place_in_list> after{};  ///< `next` of the page before
    std::size_t limit = 50;
    /// Lanes and flights to look at, roughly: no index finds a number, or what departs in an hour
    /// that is quiet.
    std::size_t look_up_to = 200'000;
};

/// A page is short, though others follow, where looking ended before it was full.
struct flight_list_page {
    std::vector<flight_view> flights;
    std::optional<flight_place_in_list> next;  ///< nothing on the last page
};

namespace detail {

/// Goes through the asked time a day after the other, and in each through all lanes that may have
/// such flights.
class flight_lister {
public:
    flight_lister(schedule const& s, flight_list_query const& query) : schedule_(s), query_(query)
    {
        gather_lanes();
    }

    [[nodiscard]] flight_list_page run()
    {
        auto const horizon = schedule_.horizon();
        if (!horizon || lanes_.empty() || query_.limit == 0) return {};
        auto const end = std::min(query_.departure_to, horizon->second + std::chrono::seconds(1));
        auto from = std::max(query_.departure_from, horizon->first);
        if (query_.after) from = std::max(from, query_.after->departure);
        while (from < end && best_.size() <= query_.limit && looked_at_ < query_.look_up_to) {
            auto const until = std::min(end, from + std::chrono::seconds(day_length));
            for (auto const& l : lanes_) look_at(l, from, until);
            from = until;
        }
        return page_up_to(from, end);
    }

private:
    struct named_lane {
        airport_code origin;
        airport_code destination;
        lane const* flights;
    };

    void gather_lanes()
    {
        auto const codes = schedule_.airports();
        auto const origin = number_of(query_.origin);
        auto const destination = number_of(query_.destination);
        if ((query_.origin && !origin) || (query_.destination && !destination)) return;
        if (origin && destination) {
            auto const* const only = schedule_.lane_between(*origin, *destination);
            if (only) lanes_.push_back({codes[*origin], codes[*destination], only});
        } else if (destination) {
            for (auto const& l : schedule_.arrivals(*destination).lanes())
                lanes_.push_back({codes[l.other_end()], codes[*destination], &l});
        } else {
            auto const first = origin.value_or(0);
            auto const last = origin ? *origin + 1U : codes.size();
            for (std::size_t a = first; a < last; ++a) {
                for (auto const& l : schedule_.departures(static_cast<airport_index>(a)).lanes())
                    lanes_.push_back({codes[a], codes[l.other_end()], &l});
            }
        }
    }

    [[nodiscard]] std::optional<airport_index> number_of(std::optional<airport_code> code) const
    {
        return code ? schedule_.find(*code) : std::nullopt;
    }

    void look_at(named_lane const& l, utc_time from, utc_time until)
    {
        ++looked_at_;
        auto const end = schedule_.to_seconds(until);
        auto p = l.flights->first_departing(schedule_.to_seconds(from));
        for (; p != l.flights->end() && l.flights->departure(p) < end; p = l.flights->next(p)) {
            ++looked_at_;
            auto const departure = schedule_.to_time(l.flights->departure(p));
            if (is_full() && departure > best_.front().departure) return;
            auto const f = l.flights->at(p);
            if (query_.number && f.number != *query_.number) continue;
            keep({f.id, f.number, schedule_.airline_name(f.airline), l.origin, l.destination,
                  departure, schedule_.to_time(f.arrival)});
        }
    }

    [[nodiscard]] bool is_full() const { return best_.size() > query_.limit; }

    [[nodiscard]] static bool comes_before(flight_view const& a, flight_view const& b)
    {
        return place_in_list(a) < place_in_list(b);
    }

    /// Keeps the first of all, one more than asked for: it tells whether there is a next page.
    void keep(flight_view const& f)
    {
        if (query_.after && place_in_list(f) <= *query_.after) return;
        best_.push_back(f);
        std::push_heap(best_.begin(), best_.end(), comes_before);
        if (best_.size() <= query_.limit + 1) return;
        std::pop_heap(best_.begin(), best_.end(), comes_before);
        best_.pop_back();
    }

    [[nodiscard]] flight_list_page page_up_to(utc_time looked_until, utc_time end)
    {
        std::sort_heap(best_.begin(), best_.end(), comes_before);
        flight_list_page page;
        if (is_full()) {
            best_.pop_back();
            page.next = place_in_list(best_.back());
        } else if (looked_until < end) {
            page.next = flight_place_in_list{looked_until};
        }
        page.flights = std::move(best_);
        return page;
    }

    schedule const& schedule_;
    flight_list_query const& query_;
    std::vector<named_lane> lanes_;
    std::vector<flight_view> best_;  // a heap, the last of them at the front
    std::size_t looked_at_ = 0;
};

}  // namespace detail

/// The views live as long as the schedule.
[[nodiscard]] inline flight_list_page list_flights(schedule const& s,
                                                   flight_list_query const& query)
{
    return detail::flight_lister(s, query).run();
}

}  // namespace aircargo
