#include "lane_network.hpp"
#include "peers.hpp"
#include <algorithm>
#include <memory>
#include <queue>
#include <tuple>

namespace aircargo::bench {
namespace {

class profile final : public solver {
public:
    profile(std::shared_ptr<lane_network const> n, std::size_t max_stops)
        : network_(std::move(n)),
          max_legs_(max_stops + 1),
          best_(network_->airports().size() * max_legs_)
    {}

    void ask(question const& q) override
    {
        auto const& airports = network_->airports();
        origin_ = airports[q.origin];
        destination_ = airports[q.destination];
        next_end_ = seconds_of(q.day.next_end);
        std::fill(best_.begin(), best_.end(), never);
        found_.clear();
        network_->departing(origin_, seconds_of(q.day.start), seconds_of(q.day.end), starts_);
        for (auto last = starts_.end(); last != starts_.begin();) {
            auto const departure = std::prev(last)->departure;
            auto first = last;
            while (first != starts_.begin() && std::prev(first)->departure == departure) --first;
            run({first, last});
            last = first;
        }
    }
    [[nodiscard]] rows answer() const override { return found_; }

private:
    struct label {
        seconds32 arrival;
        std::uint32_t legs;
        std::size_t airport;

        friend bool operator>(label const& a, label const& b)
        {
            return std::tie(a.arrival, a.legs) > std::tie(b.arrival, b.legs);
        }
    };

    /// One Dijkstra from the flights of one departure time.
    void run(std::span<lane_network::start_leg const> starts)
    {
        auto const before = least_at_destination();
        for (auto const& s : starts) reach({s.arrival, 1, s.to});
        while (!queue_.empty()) {
            auto const now = queue_.top();
            queue_.pop();
            if (now.airport == destination_ || now.legs == max_legs_) continue;
            if (best(now.airport, now.legs) < now.arrival) continue;  // outdone since
            for (auto const& l : network_->from(now.airport)) {
                if (l.to() == origin_) continue;
                auto const arrival = l.arrival_within(now.arrival + connection, next_end_);
                if (arrival != never) reach({arrival, now.legs + 1, l.to()});
            }
        }
        note(starts.front().departure, before);
    }

    /// Takes a label unless one of as many legs or fewer is there, or at the destination, as early.
    void reach(label const& l)
    {
        if (l.arrival >= best(l.airport, l.legs) || l.arrival >= best(destination_, l.legs)) return;
        for (auto legs = l.legs; legs <= max_legs_; ++legs) {
            best(l.airport, legs) = std::min(best(l.airport, legs), l.arrival);
        }
        queue_.push(l);
    }

    [[nodiscard]] std::array<seconds32, 4> least_at_destination()
    {
        std::array<seconds32, 4> least{};
        for (std::uint32_t legs = 1; legs <= max_legs_; ++legs) {
            least[legs - 1] = best(destination_, legs);
        }
        return least;
    }

    /// What this departure has improved at the destination.
    void note(seconds32 departure, std::array<seconds32, 4> const& before)
    {
        auto fewer = never;
        for (std::uint32_t legs = 1; legs <= max_legs_; ++legs) {
            auto const arrival = best(destination_, legs);
            if (arrival < before[legs - 1] && arrival < fewer) {
                found_.push_back({departure, arrival, std::int64_t{legs} - 1});
            }
            fewer = arrival;
        }
    }

    /// The earliest arrival with so many legs at most, of this departure and all later ones.
    [[nodiscard]] seconds32& best(std::size_t airport, std::uint32_t legs)
    {
        return best_[airport * max_legs_ + legs - 1];
    }

    std::shared_ptr<lane_network const> network_;
    std::size_t max_legs_;
    std::vector<seconds32> best_;
    std::vector<lane_network::start_leg> starts_;
    std::priority_queue<label, std::vector<label>, std::greater<>> queue_;
    std::size_t origin_ = 0;
    std::size_t destination_ = 0;
    seconds32 next_end_ = 0;
    rows found_;
};

}  // namespace

entrants range_dijkstra(std::span<flight const> flights)
{
    auto const network = std::make_shared<lane_network const>(flights);
    entrants out;
    out.push_back({.what = task::profile_1_stop,
                   .name = "range Dijkstra",
                   .solves = std::make_unique<profile>(network, 1),
                   .repetitions = 3});
    out.push_back({.what = task::profile_3_stops,
                   .name = "range Dijkstra",
                   .solves = std::make_unique<profile>(network, 3),
                   .repetitions = 3});
    return out;
}

}  // namespace aircargo::bench
