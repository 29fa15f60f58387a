#include "world/made_up/network.hpp"
#include "world/made_up/timetable.hpp"
#include <aircargo/world/made_up_schedule.hpp>
#include <aircargo/world/time_zones.hpp>
#include <map>
#include <string_view>

namespace aircargo {
namespace {

/// What the clocks of a zone do on one day. \pre this system knows the zone
class clock_day {
public:
    clock_day(date day, std::string_view zone) : day_(day), zone_(zone)
    {
        auto const window = *local_day(day, zone);
        start_ = window.start;
        is_plain_ = window.end - window.start == std::chrono::days(1);
    }

    [[nodiscard]] utc_time at(std::chrono::minutes clock) const
    {
        // The zone data answers slowly, and clocks change on few days.
        return is_plain_ ? start_ + clock : *at_local_clock(day_, clock, zone_);
    }

private:
    date day_;
    std::string_view zone_;
    utc_time start_;
    bool is_plain_;
};

/// The clocks of all places on one day.
class clocks_of_day {
public:
    clocks_of_day(std::vector<detail::made_up_place> const& places, date day)
    {
        std::map<std::string_view, clock_day> zones;
        for (auto const& p : places) {
            of_place_.push_back(zones.try_emplace(p.about->zone, day, p.about->zone).first->second);
        }
    }
    [[nodiscard]] clock_day const& operator[](std::uint32_t place) const
    {
        return of_place_[place];
    }

private:
    std::vector<clock_day> of_place_;
};

}  // namespace

std::vector<flight> made_up_schedule(made_up_world const& asked)
{
    std::vector<flight> flights;
    if (asked.flights == 0 || asked.days <= 0) return flights;
    detail::draw random(asked.seed);
    auto const network = detail::make_network(random);
    auto const table =
        detail::make_timetable(network, asked.flights, asked.first, asked.days, random);

    flights.reserve(asked.flights);
    auto ahead = table.flights;
    for (int i = 0; i < asked.days; ++i) {
        auto const day = std::chrono::sys_days(asked.first) + std::chrono::days(i);
        clocks_of_day const clocks(network.places, day);
        for (auto const& r : table.rotations) {
            if (!r.flies_on(std::chrono::weekday(day))) continue;
            // Cancelled at random, so that exactly as many are left as were asked for.
            if (random.below(ahead--) >= asked.flights - flights.size()) continue;
            auto const departure = clocks[r.origin].at(r.departure);
            flights.push_back({{},
                               r.number,
                               table.airlines[r.airline],
                               network.places[r.origin].about->code,
                               network.places[r.destination].about->code,
                               departure,
                               departure + r.block});
        }
    }
    return flights;
}

}  // namespace aircargo
