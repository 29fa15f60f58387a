#pragma once

#include "casters.hpp"
#include <aircargo/routing/flight_network.hpp>
#include <aircargo/routing/schedule.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::python {

/// A flight that a schedule leaves out.
struct left_out {
    std::size_t place;  ///< its line in a file, or its position in what was given
    std::string reason;
};

/// Python's `Schedule`: a snapshot, and what comes into being beside it when it is asked for.
/// Copies share everything; safe from any number of threads.
class shared_schedule {
public:
    explicit shared_schedule(schedule s, std::vector<left_out> without = {})
        : shared_(std::make_shared<contents>(std::move(s), std::move(without)))
    {}

    [[nodiscard]] schedule const& get() const noexcept { return shared_->snapshot; }
    /// What keeps the snapshot there.
    [[nodiscard]] std::shared_ptr<schedule const> keep() const
    {
        return {shared_, &shared_->snapshot};
    }
    [[nodiscard]] std::vector<left_out> const& without() const noexcept { return shared_->without; }
    /// For searches with any number of stops, under the usual connection rule.
    [[nodiscard]] flight_network const& network() const
    {
        std::call_once(shared_->made_network, [&] { shared_->network.emplace(shared_->snapshot); });
        return *shared_->network;
    }
    /// Where the flight with an id is. \return nothing for an id that no flight has
    [[nodiscard]] std::optional<flight_place> place_of(flight_id id) const;

private:
    struct numbered_place {
        flight_id id;
        flight_place place;
    };
    struct contents {
        contents(schedule s, std::vector<left_out> w)
            : snapshot(std::move(s)), without(std::move(w))
        {}

        schedule snapshot;
        std::vector<left_out> without;
        std::once_flag made_network;
        std::optional<flight_network> network;
        std::once_flag made_places;
        std::vector<numbered_place> places;  // by id
    };

    void make_places() const;

    std::shared_ptr<contents> shared_;
};

}  // namespace aircargo::python
