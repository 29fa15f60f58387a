#include "demo/demo.hpp"
#include "demo/api_client.hpp"
#include "demo/dice.hpp"
#include "demo/shipment.hpp"
#include "demo/stop_signal.hpp"
#include "password_input.hpp"
#include "text.hpp"
#include <aircargo/core/utc_time.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

using answer = api_client::answer;
using nlohmann::json;

/// Airports between which the demo schedule has many ways.
constexpr auto places = std::to_array<std::string_view>({
    "AMS", "ATL", "BKK", "BLR", "BOM", "CDG", "DEL", "DXB", "FRA", "HKG", "HYD",
    "ICN", "JFK", "LAX", "LHR", "MAA", "MEM", "NRT", "ORD", "PVG", "SIN", "SYD",
});

/// A shipment under way, and what is still going to happen to it.
struct shipment {
    std::string ref;
    std::deque<demo_act> acts;
};

/// A way through the schedule, ready to be booked.
struct found_way {
    demo_journey journey;
    std::vector<std::int64_t> flights;
};

struct stopped {};  ///< by a signal

[[nodiscard]] airport_code code_of(json const& text)
{
    return airport_code::parse(text.get<std::string>()).value();
}

[[nodiscard]] found_way way_of(json const& itinerary)
{
    found_way way;
    for (auto const& flight : itinerary.at("flights")) {
        if (way.journey.empty()) way.journey.push_back(code_of(flight.at("origin")));
        way.journey.push_back(code_of(flight.at("destination")));
        way.flights.push_back(flight.at("id").get<std::int64_t>());
    }
    return way;
}

constexpr std::size_t most_open = 40;  // shipments under way

class demo {
public:
    demo(demo_settings const& s, std::uint64_t seed)
        : settings_(s), server_(s.url), chance_(seed), run_(random_id())
    {}

    /// \return nothing once it has done all, or what it can not get over
    [[nodiscard]] result<void> run()
    {
        try {
            if (auto in = log_in(); !in) return in;
            while (settings_.count == 0 || done_ < settings_.count) {
                if (auto acted = act(); !acted) return acted;
                if (stop_.comes_within(pause())) break;
            }
        } catch (stopped const&) {
        }
        std::cout << done_ << " acts: " << booked_ << " bookings made, " << finished_
                  << " delivered or cancelled, " << lost_ << " left to others\n"
                  << std::flush;
        return {};
    }

private:
    [[nodiscard]] std::chrono::nanoseconds pause() const
    {
        if (settings_.pace == 0) return std::chrono::nanoseconds(0);
        return std::chrono::nanoseconds(std::chrono::minutes(1)) / settings_.pace;
    }

    /// Asks again while the server can not be reached or has no time, for some minutes.
    [[nodiscard]] result<answer> call(std::string_view method, std::string const& path,
                                      std::string const& body = {}, std::string const& key = {})
    {
        constexpr int most_attempts = 60;
        constexpr std::chrono::seconds usual_wait(2);
        for (int attempt = 1;; ++attempt) {
            auto got = server_.call(method, path, body, key);
            bool const come_again = !got || got->status == 429 || got->status == 503;
            if (!come_again) return got;
            bool const is_there = got.has_value() || attempt > 1 || done_ > 0;
            if (!is_there || attempt == most_attempts) return got;
            auto const told = got ? got->retry_after : std::chrono::seconds(0);
            if (stop_.comes_within(std::max(told, usual_wait))) throw stopped();
        }
    }

    /// An Idempotency-Key, so that what is asked again after a broken connection happens once.
    [[nodiscard]] std::string key_of(std::string const& what, std::uint64_t number) const
    {
        return "demo-" + run_ + '-' + what + '-' + std::to_string(number);
    }

    /// The same, and logs in anew when the token has expired.
    [[nodiscard]] result<answer> act_on(std::string_view method, std::string const& path,
                                        std::string const& body = {}, std::string const& key = {})
    {
        auto got = call(method, path, body, key);
        if (!got || got->status != 401 || password_.empty()) return got;
        if (auto in = ask_for_token(); !in) return in.error();
        return call(method, path, body, key);
    }

    [[nodiscard]] error unexpected(result<answer> const& got, std::string const& doing) const
    {
        if (!got)
            return refuse(got.error().code,
                          settings_.url + " can not be reached: " + got.error().detail);
        auto const detail = got->body.is_object() ? got->body.value("detail", "") : std::string();
        return refuse(errc::invalid_request,
                      doing + " was answered " + std::to_string(got->status) + ": " + detail);
    }

    /// Where the server wants it.
    [[nodiscard]] result<void> log_in()
    {
        auto const me = call("GET", "/api/v1/auth/me");
        if (me && me->status == 200) return {};  // everybody may do everything
        if (!me || me->status != 401) return unexpected(me, "asking who I am");
        auto password = read_password();
        if (!password) return password.error();
        password_ = *std::move(password);
        if (auto in = ask_for_token(); in) return in;
        // Somebody may still have to make the account, and may be let do so.
        (void)call("POST", "/api/v1/auth/register", credentials());
        return ask_for_token();
    }

    [[nodiscard]] std::string credentials() const
    {
        return json{{"name", settings_.name}, {"password", password_}}.dump();
    }

    [[nodiscard]] result<void> ask_for_token()
    {
        auto const got = call("POST", "/api/v1/auth/login", credentials());
        if (!got || got->status != 200) {
            auto why = unexpected(got, "logging in as " + settings_.name);
            why.detail += "; `aircargo-server user add " + settings_.name + "` makes the account";
            return why;
        }
        server_.take_token(got->body.at("access_token").get<std::string>());
        return {};
    }

    /// Books while few are under way, and now and then anyway; else moves one on.
    [[nodiscard]] result<void> act()
    {
        constexpr unsigned books_anyway_percent = 20;
        bool const few = open_.size() < most_open / 2;
        bool const full = open_.size() >= most_open;
        if (open_.empty() || (!full && (few || chance_.happens(books_anyway_percent))))
            return book();
        return move_one();
    }

    [[nodiscard]] std::string a_place()
    {
        return std::string(chance_.one_of<std::string_view>(places));
    }

    /// From yesterday, and so late by now, to the day after tomorrow.
    [[nodiscard]] std::string a_day()
    {
        auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        return to_string(date(today + std::chrono::days(chance_.below(4)) - std::chrono::days(1)));
    }

    [[nodiscard]] result<std::optional<found_way>> find_way(std::string const& from,
                                                            std::string const& to)
    {
        auto const got = act_on("GET", "/api/v1/routes?origin=" + from + "&destination=" + to +
                                           "&departure_date=" + a_day() + "&limit=5");
        if (!got || got->status != 200) return unexpected(got, "searching");
        auto const& direct = got->body.at("direct");
        auto const& transit = got->body.at("transit");
        constexpr unsigned changes_percent = 40;
        bool const change =
            !transit.empty() && (direct.empty() || chance_.happens(changes_percent));
        auto const& choices = change ? transit : direct;
        if (choices.empty()) return std::optional<found_way>();
        return std::optional(way_of(choices.at(chance_.below(choices.size()))));
    }

    [[nodiscard]] result<void> book()
    {
        auto const from = a_place();
        auto to = a_place();
        while (to == from) to = a_place();
        auto const way = find_way(from, to);
        if (!way) return way.error();
        json order{{"origin", from},
                   {"destination", to},
                   {"pieces", 1 + chance_.below(40)},
                   {"weight_kg", 10 + 5 * chance_.below(400)}};
        demo_journey journey{code_of(from), code_of(to)};
        if (*way) {
            order["flight_ids"] = (*way)->flights;
            journey = (*way)->journey;
        }
        auto const got =
            act_on("POST", "/api/v1/bookings", order.dump(), key_of("booking", booked_));
        if (!got || got->status != 201) return unexpected(got, "booking");
        auto const ref = got->body.at("ref_id").get<std::string>();
        open_.push_back({ref, acts_of(journey, code_of(a_place()), chance_)});
        ++booked_;
        tell(ref, "book", from + ' ' + to);
        return {};
    }

    [[nodiscard]] result<void> move_one()
    {
        auto const place = open_.begin() + static_cast<std::ptrdiff_t>(chance_.below(open_.size()));
        auto const next = place->acts.front();
        bool const cancels = next.name == "cancel";
        auto const path = "/api/v1/bookings/" + place->ref + (cancels ? "" : '/' + next.name);
        auto const got = act_on(cancels ? "DELETE" : "POST", path, next.body, key_of("act", done_));
        if (got && (got->status == 404 || got->status == 409)) {
            ++lost_;  // somebody else has done something with it
            open_.erase(place);
            return {};
        }
        if (!got || got->status != 200) return unexpected(got, next.name + ' ' + place->ref);
        tell(place->ref, next.name, next.body);
        place->acts.pop_front();
        if (!place->acts.empty()) return {};
        ++finished_;
        open_.erase(place);
        return {};
    }

    void tell(std::string const& ref, std::string const& act, std::string const& more)
    {
        ++done_;
        std::cout << ref << ' ' << act << (more.empty() ? "" : " ") << more << std::endl;
    }

    demo_settings settings_;
    stop_signal stop_;
    api_client server_;
    dice chance_;
    std::string run_;  ///< tells the Idempotency-Keys of this run from those of others
    std::string password_;
    std::deque<shipment> open_;
    std::uint64_t done_ = 0;
    std::uint64_t booked_ = 0;
    std::uint64_t finished_ = 0;
    std::uint64_t lost_ = 0;
};

}  // namespace

int run_demo(demo_settings const& s)
{
    constexpr unsigned any_number = 1'000'000;
    auto const seed = s.seed.value_or(std::random_device()() % any_number);
    std::cout << "seed " << seed << ", " << s.url << std::endl;
    auto const done = demo(s, seed).run();
    if (done) return 0;
    std::cerr << "aircargo-server: " << done.error().detail << '\n';
    return 1;
}

}  // namespace aircargo::server
