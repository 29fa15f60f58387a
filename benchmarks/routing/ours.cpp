#include "ours.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace aircargo::bench {
namespace {

using shared_schedule = std::shared_ptr<schedule const>;

[[nodiscard]] route_query query_of(question const& q) { return {q.origin, q.destination, q.day}; }

[[nodiscard]] row row_of(flight_id first, flight_id last)
{
    return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(last), 0};
}

/// All direct flights and all connections: runs of second legs, or every pair written out.
class all_itineraries final : public solver {
public:
    all_itineraries(shared_schedule s, bool write_pairs)
        : schedule_(std::move(s)), write_pairs_(write_pairs)
    {}

    void ask(question const& q) override
    {
        find_connections(*schedule_, query_of(q), found_);
        find_direct(q);
        if (write_pairs_) pairs_ = found_.copy_to(buffer_);
    }

    [[nodiscard]] rows answer() const override
    {
        rows out;
        if (direct_) {
            for (auto p = first_; p < last_; ++p) {
                auto const id = direct_->at(p).id;
                out.push_back(row_of(id, id));
            }
        }
        auto pair = pairs_.begin();
        found_.for_each([&](auto const& lanes, connection_pair p) {
            if (write_pairs_) p = *pair++;
            out.push_back(row_of(lanes.in->at(p.first).id, lanes.out->at(p.second).id));
        });
        return out;
    }

private:
    void find_direct(question const& q)
    {
        auto const origin = schedule_->find(q.origin);
        auto const destination = schedule_->find(q.destination);
        direct_ = origin && destination ? schedule_->lane_between(*origin, *destination) : nullptr;
        if (!direct_) return;
        first_ = direct_->first_departing(schedule_->to_seconds(q.day.start));
        last_ = direct_->first_departing(schedule_->to_seconds(q.day.end));
    }

    shared_schedule schedule_;
    bool write_pairs_;
    connections found_;
    std::vector<connection_pair> buffer_;
    std::span<connection_pair const> pairs_;
    lane const* direct_ = nullptr;
    lane::position first_ = 0;
    lane::position last_ = 0;
};

class top_itineraries final : public solver {
public:
    explicit top_itineraries(shared_schedule s) : schedule_(std::move(s)) {}

    void ask(question const& q) override
    {
        auto query = query_of(q);
        query.limit = top_size;
        query.explain = false;  // nor does any peer
        search_.run(*schedule_, query, found_);
        // Lists apart for direct and transit, each in order: the first of both together.
        kept_.clear();
        auto const earlier = [](itinerary const* a, itinerary const* b) {
            return std::pair(a->arrival(), b->departure()) <
                   std::pair(b->arrival(), a->departure());
        };
        auto direct = found_.direct.begin();
        auto transit = found_.transit.begin();
        while (kept_.size() < top_size) {
            bool const one = direct != found_.direct.end();
            bool const other = transit != found_.transit.end();
            if (!one && !other) return;
            bool const take_transit = other && (!one || earlier(&*transit, &*direct));
            kept_.push_back(take_transit ? &*transit++ : &*direct++);
        }
    }

    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const* i : kept_) out.push_back(row_of(i->first().id, i->last().id));
        return out;
    }

private:
    shared_schedule schedule_;
    route_search search_;
    route_answer found_;
    std::vector<itinerary const*> kept_;
};

class earliest final : public solver {
public:
    /// \param stops at most, on the asked day; nothing: any number on any day
    earliest(std::shared_ptr<flight_network const> n, std::optional<std::size_t> stops)
        : network_(std::move(n)), stops_(stops)
    {}

    void ask(question const& q) override
    {
        auto query = query_of(q);
        query.max_stops = stops_.value_or(15);
        if (!stops_) query.day = any_time_from(q.day.start);
        auto const found = search_(*network_, query);
        arrival_ = found ? std::optional(found->arrival()) : std::nullopt;
    }

    [[nodiscard]] rows answer() const override
    {
        return arrival_ ? rows{{to_epoch(*arrival_), 0, 0}} : rows{};
    }

private:
    std::shared_ptr<flight_network const> network_;
    std::optional<std::size_t> stops_;
    earliest_search search_;
    std::optional<utc_time> arrival_;
};

class profile final : public solver {
public:
    profile(std::shared_ptr<flight_network const> n, std::size_t stops)
        : network_(std::move(n)), stops_(stops)
    {}

    void ask(question const& q) override
    {
        auto query = query_of(q);
        query.max_stops = stops_;
        found_ = search_(*network_, query);
    }

    [[nodiscard]] rows answer() const override
    {
        rows out;
        for (auto const& i : found_) {
            out.push_back({to_epoch(i.departure()), to_epoch(i.arrival()),
                           static_cast<std::int64_t>(i.stops())});
        }
        return out;
    }

private:
    std::shared_ptr<flight_network const> network_;
    std::size_t stops_;
    profile_search search_;
    std::span<itinerary const> found_;
};

}  // namespace

entrants ours(std::span<flight const> flights)
{
    auto const s = std::make_shared<schedule const>(flights);
    // The network points to the schedule: one owner keeps both.
    struct both {
        shared_schedule s;
        flight_network network{*s};
    };
    auto const kept = std::make_shared<both const>(both{s});
    std::shared_ptr<flight_network const> const network(kept, &kept->network);

    std::string const name(our_name);
    entrants out;
    auto const enter = [&](task what, std::string const& who, std::unique_ptr<solver> solves,
                           bool cold = false) {
        out.push_back({.what = what, .name = who, .solves = std::move(solves), .cold = cold});
    };
    enter(task::all, name, std::make_unique<all_itineraries>(s, true), true);
    enter(task::all, name + ", runs", std::make_unique<all_itineraries>(s, false), true);
    enter(task::top, name, std::make_unique<top_itineraries>(s), true);
    enter(task::earliest, name, std::make_unique<earliest>(network, std::nullopt));
    enter(task::earliest_1_stop, name, std::make_unique<earliest>(network, 1));
    enter(task::profile_1_stop, name, std::make_unique<profile>(network, 1));
    enter(task::profile_3_stops, name, std::make_unique<profile>(network, 3));
    return out;
}

}  // namespace aircargo::bench
