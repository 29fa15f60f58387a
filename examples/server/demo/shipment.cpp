#include "demo/shipment.hpp"
#include <algorithm>
#include <cstddef>

namespace aircargo::server {
namespace {

constexpr unsigned cancelled_percent = 8;
constexpr unsigned misrouted_percent = 7;

[[nodiscard]] std::string at(airport_code place)
{
    return R"({"location":")" + std::string(place.str()) + "\"}";
}

[[nodiscard]] std::string off_plan_at(airport_code place)
{
    return R"({"location":")" + std::string(place.str()) + R"(","off_plan":true})";
}

[[nodiscard]] std::deque<demo_act> by_plan(demo_journey const& journey)
{
    std::deque<demo_act> acts;
    for (std::size_t i = 0; i + 1 < journey.size(); ++i) {
        acts.push_back({"depart", at(journey[i])});
        acts.push_back({"arrive", at(journey[i + 1])});
    }
    acts.push_back({"deliver", ""});
    return acts;
}

/// Until it has arrived a shipment can be cancelled.
void cancel_somewhere(std::deque<demo_act>& acts, dice& chance)
{
    constexpr std::size_t arriving_and_delivering = 2;
    acts.resize(chance.below(acts.size() - arriving_and_delivering + 1));
    acts.push_back({"cancel", ""});
}

[[nodiscard]] std::deque<demo_act> by_way_of(airport_code elsewhere, demo_journey const& journey)
{
    return {{"depart", at(journey.front())},
            {"arrive", off_plan_at(elsewhere)},
            {"depart", off_plan_at(elsewhere)},
            {"arrive", at(journey.back())},
            {"deliver", ""}};
}

}  // namespace

std::deque<demo_act> acts_of(demo_journey const& journey, airport_code elsewhere, dice& chance)
{
    bool const cancelled = chance.happens(cancelled_percent);
    bool const misrouted = chance.happens(misrouted_percent);
    bool const is_on_the_way =
        std::find(journey.begin(), journey.end(), elsewhere) != journey.end();
    if (misrouted && !cancelled && !is_on_the_way) return by_way_of(elsewhere, journey);
    auto acts = by_plan(journey);
    if (cancelled) cancel_somewhere(acts, chance);
    return acts;
}

}  // namespace aircargo::server
