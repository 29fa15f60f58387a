#pragma once

#include <aircargo/core/airport_code.hpp>
#include <algorithm>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo {

/// Two-character airline designator, as flight numbers begin.
using airline_designator = std::string;

/// Where no rule says otherwise.
inline constexpr std::chrono::minutes default_connection{120};

/// How long cargo must stay on the ground between two flights at least (minimum connecting time).
/// Reaching it exactly is enough. The closest rule counts: for the two airlines, else for the
/// airport, else the standard.
class connection_rule {
public:
    using minutes = std::chrono::minutes;

    connection_rule() = default;
    /// \pre not negative, as all minutes below
    explicit connection_rule(minutes standard) : standard_(standard) {}

    connection_rule& set(airport_code at, minutes least)
    {
        put(by_airport_, at, least);
        return *this;
    }
    /// From flights of one airline to those of another (or the same), everywhere.
    connection_rule& set(std::string_view from, std::string_view to, minutes least)
    {
        put(by_airlines_, pair_of(from, to), least);
        return *this;
    }

    [[nodiscard]] minutes standard() const noexcept { return standard_; }
    /// At an airport, as far as the airlines do not matter.
    [[nodiscard]] minutes at(airport_code airport) const
    {
        auto const* const found = find(by_airport_, airport);
        return found ? *found : standard_;
    }
    [[nodiscard]] minutes between(airport_code airport, std::string_view from,
                                  std::string_view to) const
    {
        if (by_airlines_.empty()) return at(airport);
        auto const* const found = find(by_airlines_, pair_of(from, to));
        return found ? *found : at(airport);
    }

    [[nodiscard]] bool has_airlines() const noexcept { return !by_airlines_.empty(); }
    /// No connection at this airport is shorter.
    [[nodiscard]] minutes least_at(airport_code airport) const
    {
        auto least = at(airport);
        for (auto const& [airlines, time] : by_airlines_) least = std::min(least, time);
        return least;
    }
    /// No connection anywhere is shorter.
    [[nodiscard]] minutes least() const
    {
        auto least = standard_;
        for (auto const& [airport, time] : by_airport_) least = std::min(least, time);
        for (auto const& [airlines, time] : by_airlines_) least = std::min(least, time);
        return least;
    }
    [[nodiscard]] bool is_standard_everywhere() const noexcept
    {
        return by_airport_.empty() && by_airlines_.empty();
    }

    friend bool operator==(connection_rule const&, connection_rule const&) = default;

private:
    /// Two designators; compared in one go, for every pair of flights that meet.
    using airline_pair = std::uint32_t;

    /// What is no designator becomes one that no flight number has.
    [[nodiscard]] static airline_pair pair_of(std::string_view from, std::string_view to) noexcept
    {
        airline_pair pair = 0;
        for (auto const airline : {from, to}) {
            auto const at = [&](std::size_t i) {
                return airline.size() == 2 ? static_cast<unsigned char>(airline[i]) : 0U;
            };
            pair = pair << 16 | at(0) << 8 | at(1);
        }
        return pair;
    }

    template <class Key>
    using table = std::vector<std::pair<Key, minutes>>;  // sorted

    template <class Key>
    static void put(table<Key>& in, Key const& key, minutes least)
    {
        auto const at = std::lower_bound(in.begin(), in.end(), key,
                                         [](auto const& e, auto const& k) { return e.first < k; });
        if (at != in.end() && at->first == key) {
            at->second = least;
        } else {
            in.insert(at, {key, least});
        }
    }
    template <class Key>
    [[nodiscard]] static minutes const* find(table<Key> const& in, Key const& key)
    {
        auto const at = std::lower_bound(in.begin(), in.end(), key,
                                         [](auto const& e, auto const& k) { return e.first < k; });
        return at != in.end() && at->first == key ? &at->second : nullptr;
    }

    minutes standard_ = default_connection;
    table<airport_code> by_airport_;
    table<airline_pair> by_airlines_;
};

}  // namespace aircargo
