#include "lane_network.hpp"
#include "peers.hpp"
#include <algorithm>
#include <memory>

namespace aircargo::bench {
namespace {

/// For every flight of the origin alone: where can one be after each leg, over all lanes. All that
/// comes out is compared with all else.
class rounds final : public solver {
public:
    rounds(std::shared_ptr<lane_network const> n, std::size_t max_stops)
        : network_(std::move(n)), max_stops_(max_stops)
    {}

    void ask(question const& q) override
    {
        auto const& airports = network_->airports();
        auto const destination = airports[q.destination];
        auto const next_end = seconds_of(q.day.next_end);
        std::vector<lane_network::start_leg> starts;
        network_->departing(airports[q.origin], seconds_of(q.day.start), seconds_of(q.day.end),
                            starts);
        found_.clear();
        for (auto const& s : starts) {
            std::vector<seconds32> here(airports.size(), never);
            here[s.to] = s.arrival;
            for (std::size_t stops = 0;; ++stops) {
                if (here[destination] != never) {
                    found_.push_back(
                        {s.departure, here[destination], static_cast<std::int64_t>(stops)});
                }
                if (stops == max_stops_) break;
                here[airports[q.origin]] = here[destination] = never;  // nobody changes there
                here = one_leg_on(here, next_end);
            }
        }
        auto const all = found_;
        std::erase_if(found_, [&](row const& r) {
            return std::any_of(all.begin(), all.end(), [&](row const& o) {
                return o != r && o[0] >= r[0] && o[1] <= r[1] && o[2] <= r[2];
            });
        });
        std::sort(found_.begin(), found_.end());
        found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    }
    [[nodiscard]] rows answer() const override { return found_; }

private:
    [[nodiscard]] std::vector<seconds32> one_leg_on(std::vector<seconds32> const& here,
                                                    seconds32 next_end) const
    {
        std::vector<seconds32> there(here.size(), never);
        for (std::size_t airport = 0; airport < here.size(); ++airport) {
            if (here[airport] == never) continue;
            for (auto const& l : network_->from(airport)) {
                there[l.to()] =
                    std::min(there[l.to()], l.arrival_within(here[airport] + connection, next_end));
            }
        }
        return there;
    }

    std::shared_ptr<lane_network const> network_;
    std::size_t max_stops_;
    rows found_;
};

}  // namespace

entrants referee(std::span<flight const> flights)
{
    auto const network = std::make_shared<lane_network const>(flights);
    entrants out;
    out.push_back({.what = task::profile_3_stops,
                   .name = "rounds of every departure",
                   .solves = std::make_unique<rounds>(network, 3),
                   .repetitions = 0,
                   .checks = 20});
    return out;
}

}  // namespace aircargo::bench
