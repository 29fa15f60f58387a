#pragma once

#include "leg.hpp"
#include <algorithm>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace aircargo::bench {

// What can be asked of a walk: anything with `for_each(question, use)`, which calls `use(first leg,
// last leg)` for every itinerary of the day, a direct one with its leg twice.

template <class Walk>
class walk_all final : public solver {
public:
    explicit walk_all(std::shared_ptr<Walk const> w) : walk_(std::move(w)) {}

    void ask(question const& q) override
    {
        found_.clear();
        walk_->for_each(q, [&](leg const& first, leg const& last) {
            found_.emplace_back(first.place, last.place);
        });
    }
    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& [first, last] : found_) out.push_back(ids_of(first, last));
        return out;
    }

private:
    std::shared_ptr<Walk const> walk_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found_;
};

template <class Walk>
class walk_top final : public solver {
public:
    explicit walk_top(std::shared_ptr<Walk const> w) : walk_(std::move(w)) {}

    void ask(question const& q) override
    {
        found_.clear();
        walk_->for_each(q, [&](leg const& first, leg const& last) {
            found_.push_back({last.arrival, first.departure, first.place, last.place});
        });
        auto const kept = std::min(top_size, found_.size());
        std::partial_sort(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(kept),
                          found_.end(), [](candidate const& a, candidate const& b) {
                              return std::tie(a.arrival, b.departure) <
                                     std::tie(b.arrival, a.departure);
                          });
        found_.erase(found_.begin() + static_cast<std::ptrdiff_t>(kept), found_.end());
    }
    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& f : found_) out.push_back(ids_of(f.first, f.last));
        return out;
    }

private:
    struct candidate {
        seconds32 arrival;
        seconds32 departure;
        std::uint32_t first;
        std::uint32_t last;
    };

    std::shared_ptr<Walk const> walk_;
    std::vector<candidate> found_;
};

template <class Walk>
class walk_earliest final : public solver {
public:
    explicit walk_earliest(std::shared_ptr<Walk const> w) : walk_(std::move(w)) {}

    void ask(question const& q) override
    {
        arrival_ = never;
        walk_->for_each(
            q, [&](leg const&, leg const& last) { arrival_ = std::min(arrival_, last.arrival); });
    }
    [[nodiscard]] rows answer() const override
    {
        return arrival_ == never ? rows{} : rows{{arrival_, 0, 0}};
    }

private:
    static constexpr auto never = std::numeric_limits<seconds32>::max();

    std::shared_ptr<Walk const> walk_;
    seconds32 arrival_ = never;
};

template <class Walk>
class walk_profile final : public solver {
public:
    explicit walk_profile(std::shared_ptr<Walk const> w) : walk_(std::move(w)) {}

    void ask(question const& q) override
    {
        found_.clear();
        walk_->for_each(q, [&](leg const& first, leg const& last) {
            found_.push_back({first.departure, last.arrival, first.place == last.place ? 0U : 1U});
        });
        // What dominates a journey stands before it; so what remains is what arrives earlier than
        // all before it with as many stops or fewer.
        std::sort(found_.begin(), found_.end(), [](journey const& a, journey const& b) {
            return std::tie(b.departure, a.arrival, a.stops) <
                   std::tie(a.departure, b.arrival, b.stops);
        });
        std::array<seconds32, 2> least{never, never};
        std::erase_if(found_, [&](journey const& j) {
            if (j.arrival >= least[j.stops]) return true;
            for (auto stops = j.stops; stops < least.size(); ++stops) {
                least[stops] = std::min(least[stops], j.arrival);
            }
            return false;
        });
    }
    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& f : found_) out.push_back({f.departure, f.arrival, f.stops});
        return out;
    }

private:
    struct journey {
        seconds32 departure;
        seconds32 arrival;
        std::uint32_t stops;
    };
    static constexpr auto never = std::numeric_limits<seconds32>::max();

    std::shared_ptr<Walk const> walk_;
    std::vector<journey> found_;
};

/// A walk in all tasks that it can answer.
template <class Walk>
[[nodiscard]] entrants enter(std::shared_ptr<Walk const> const& w, std::string const& name)
{
    entrants out;
    out.push_back({.what = task::all,
                   .name = name,
                   .solves = std::make_unique<walk_all<Walk>>(w),
                   .cold = true});
    out.push_back({.what = task::top,
                   .name = name + ", partial_sort",
                   .solves = std::make_unique<walk_top<Walk>>(w),
                   .cold = true});
    out.push_back({.what = task::earliest_1_stop,
                   .name = name + ", minimum",
                   .solves = std::make_unique<walk_earliest<Walk>>(w)});
    out.push_back({.what = task::profile_1_stop,
                   .name = name + ", sort and filter",
                   .solves = std::make_unique<walk_profile<Walk>>(w)});
    return out;
}

}  // namespace aircargo::bench
