#include "world/made_up/timetable.hpp"
#include <aircargo/routing/great_circle.hpp>
#include <aircargo/world/time_zones.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace aircargo::detail {
namespace {

using std::chrono::minutes;

constexpr minutes day_minutes = std::chrono::days(1);
constexpr unsigned every_day = 0b111'1111;

/// The nearest multiple of 5 minutes that is not later, as a clock shows it.
[[nodiscard]] minutes on_the_clock(double minute)
{
    auto const in_day = std::fmod(std::fmod(minute, 1'440) + 1'440, 1'440);
    return minutes(static_cast<int>(in_day) / 5 * 5) % day_minutes;
}

// ---------------------------------------------------------------------------------- airlines

/// Who flies, and which of them between which places.
class airlines {
public:
    airlines(std::vector<made_up_place> const& places, draw& random)
    {
        for (std::uint32_t p = 0; p < places.size(); ++p) {
            auto count = random.rounded(airlines_of_largest * places[p].size);
            if (count > 0) homes_.push_back({p, {}});
            while (count-- > 0 && names_.size() < most) {
                homes_.back().airlines.push_back(static_cast<std::uint32_t>(names_.size()));
                names_.push_back("Example Air " + designator(names_.size()));
            }
        }
        std::erase_if(homes_, [](home const& h) { return h.airlines.empty(); });
        next_number_.resize(names_.size());
        for (auto const& p : places) home_of_.push_back(nearest_home(p, places));
    }

    /// One of those at home at the place, or near it.
    [[nodiscard]] std::uint32_t one_at(std::uint32_t place, draw& random) const
    {
        auto const& at_home = homes_[home_of_[place]].airlines;
        return at_home[random.below(at_home.size())];
    }
    /// A number that the airline has not used yet, nor will before 270,000 others.
    [[nodiscard]] flight_number next_number(std::uint32_t airline)
    {
        constexpr std::size_t numbers = 9'999;
        auto const nth = next_number_[airline]++;
        auto const suffix = nth / numbers % 27;
        auto text = designator(airline) + std::to_string(nth % numbers + 1);
        if (suffix > 0) text += static_cast<char>('A' + suffix - 1);
        return *flight_number::parse(text);
    }
    [[nodiscard]] std::vector<std::string> const& names() const noexcept { return names_; }

private:
    static constexpr double airlines_of_largest = 3.5;
    static constexpr std::size_t most = 2 * 26 * 10;  // designators

    struct home {
        std::uint32_t place;
        std::vector<std::uint32_t> airlines;
    };

    /// A letter and a digit, or the other way round, as few real airlines have.
    [[nodiscard]] static std::string designator(std::size_t airline)
    {
        auto const letter = static_cast<char>('A' + airline / 10 % 26);
        auto const digit = static_cast<char>('0' + airline % 10);
        return airline < most / 2 ? std::string{letter, digit} : std::string{digit, letter};
    }
    [[nodiscard]] std::uint32_t nearest_home(made_up_place const& to,
                                             std::vector<made_up_place> const& places) const
    {
        auto const km = [&](home const& h) {
            return great_circle_km(*to.about, *places[h.place].about);
        };
        auto nearest = homes_.begin();
        for (auto h = homes_.begin(); h != homes_.end(); ++h) {
            if (km(*h) < km(*nearest)) nearest = h;
        }
        return static_cast<std::uint32_t>(nearest - homes_.begin());
    }

    std::vector<std::string> names_;
    std::vector<std::size_t> next_number_;
    std::vector<home> homes_;
    std::vector<std::uint32_t> home_of_;  // by place
};

// ------------------------------------------------------------------------------------ clocks

/// When flights depart.
class departure_clocks {
public:
    departure_clocks(made_up_network const& network, date about, draw& random)
    {
        for (auto const& p : network.places) {
            noon_.push_back(*at_local_clock(about, std::chrono::hours(12), p.about->zone));
        }
        for (auto& of_place : banks_) {
            auto const step = 150 + 10 * static_cast<int>(random.below(7));
            auto const first = 345 + static_cast<int>(random.below(60));
            for (int minute = first; minute < 1'410; minute += step) of_place.push_back(minute);
        }
    }

    /// Local clock at the origin.
    [[nodiscard]] minutes departure(made_up_lane const& l, minutes block, draw& random) const
    {
        auto const about_zero = random.about_zero();
        if (l.origin < banks_.size()) {
            return on_the_clock(one_of(banks_[l.origin], random) + 40 * about_zero);
        }
        if (l.destination < banks_.size()) {
            auto const lands = one_of(banks_[l.destination], random) - 70 + 30 * about_zero;
            auto const clocks = noon_[l.origin] - noon_[l.destination];  // that one is ahead
            auto const less = std::chrono::duration<double, minutes::period>(block + clocks);
            return on_the_clock(lands - less.count());
        }
        return on_the_clock(840 + 510 * about_zero);
    }

private:
    using bank_minutes = std::vector<int>;

    [[nodiscard]] static double one_of(bank_minutes const& all, draw& random)
    {
        return all[random.below(all.size())];
    }

    std::vector<utc_time> noon_;          // by place
    std::array<bank_minutes, 60> banks_;  // of the largest places
};

// ---------------------------------------------------------------------------------- the week

[[nodiscard]] minutes block_of(double km)
{
    constexpr double kmh = 830;
    constexpr double on_the_ground = 30;
    return minutes(5 * static_cast<int>(std::ceil((km / kmh * 60 + on_the_ground) / 5)));
}

/// Flights of a lane in proportion to those of others.
[[nodiscard]] double demand(made_up_network const& network, made_up_lane const& l)
{
    constexpr double of_the_smallest = 0.003;  // so that most lanes are flown once a week
    auto const ends = network.places[l.origin].size * network.places[l.destination].size;
    return (of_the_smallest + std::pow(ends, 1.1)) * (0.15 + std::exp(-l.km / 2'500));
}

[[nodiscard]] unsigned some_weekdays(int count, draw& random)
{
    unsigned days = 0;
    while (std::popcount(days) < count) days |= 1U << random.below(7);
    return days;
}

class week {
public:
    week(made_up_network const& network, date about, draw& random)
        : network_(network),
          random_(random),
          airlines_(network.places, random),
          clocks_(network, about, random)
    {
        for (auto const& l : network.lanes) total_ += demand(network, l);
    }

    /// Rotations with about so many flights a week.
    [[nodiscard]] std::vector<made_up_rotation> rotations(double flights)
    {
        std::vector<made_up_rotation> all;
        for (auto const& l : network_.lanes) {
            auto left = random_.rounded(demand(network_, l) / total_ * flights);
            if (left == 0) continue;
            std::array const carriers{airlines_.one_at(l.origin, random_),
                                      airlines_.one_at(l.destination, random_)};
            for (; left > 0; left -= 7) {
                auto const airline = carriers[random_.below(carriers.size())];
                auto const weekdays = left < 7 ? some_weekdays(left, random_) : every_day;
                all.push_back(rotation(l, airline, weekdays));
            }
        }
        return all;
    }
    [[nodiscard]] std::vector<std::string> const& airline_names() const noexcept
    {
        return airlines_.names();
    }

private:
    [[nodiscard]] made_up_rotation rotation(made_up_lane const& l, std::uint32_t airline,
                                            unsigned weekdays)
    {
        auto const block = block_of(l.km);
        return {airlines_.next_number(airline),       airline, l.origin, l.destination,
                clocks_.departure(l, block, random_), block,   weekdays};
    }

    made_up_network const& network_;
    draw& random_;
    airlines airlines_;
    departure_clocks clocks_;
    double total_ = 0;
};

[[nodiscard]] std::size_t flights_of(std::vector<made_up_rotation> const& rotations, date first,
                                     int days)
{
    std::array<std::size_t, 7> times{};  // that a weekday comes
    for (int i = 0; i < days; ++i) {
        ++times[std::chrono::weekday(std::chrono::sys_days(first) + std::chrono::days(i))
                    .c_encoding()];
    }
    std::size_t count = 0;
    for (auto const& r : rotations) {
        for (std::size_t day = 0; day < times.size(); ++day) {
            if ((r.weekdays >> day & 1U) != 0) count += times[day];
        }
    }
    return count;
}

}  // namespace

made_up_timetable make_timetable(made_up_network const& network, std::size_t flights, date first,
                                 int days, draw& random)
{
    week w(network, first, random);
    // Rounding and the choice of weekdays make a few more or less than asked for.
    for (auto weekly = 1.01 * static_cast<double>(flights) / days * 7;; weekly *= 1.05) {
        auto rotations = w.rotations(weekly);
        auto const count = flights_of(rotations, first, days);
        if (count < flights) continue;
        std::stable_sort(rotations.begin(), rotations.end(),
                         [](auto const& a, auto const& b) { return a.departure < b.departure; });
        return {w.airline_names(), std::move(rotations), count};
    }
}

}  // namespace aircargo::detail
