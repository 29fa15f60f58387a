#pragma once

#include "casters.hpp"
#include "journey.hpp"
#include <aircargo/routing/search.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::python {

[[nodiscard]] flight flight_of(flight_view const& f);
[[nodiscard]] journey journey_of(itinerary const& i);

/// How much a search found, and why nothing.
struct route_summary {
    std::size_t direct_total = 0;
    std::size_t transit_total = 0;
    bool more = false;
    std::optional<std::string> reason{};
    std::optional<std::string> next_cursor{};  ///< of a server's answer
};

/// Python's `Routes`: what a search found. Its flights become Python's only when they are asked
/// for. \pre the GIL is held, for every call
class routes {
public:
    /// \param cost makes the values of the order of cost; null elsewhere
    routes(std::shared_ptr<schedule const> keep, route_answer const& answer,
           route_query const& query);
    routes(std::vector<journey> direct, std::vector<journey> transit, route_summary summary,
           route_order order);

    [[nodiscard]] route_summary const& summary() const noexcept { return summary_; }
    [[nodiscard]] std::size_t size() const noexcept { return direct_size_ + transit_size_; }
    [[nodiscard]] std::vector<journey> const& direct() { return journeys().direct; }
    [[nodiscard]] std::vector<journey> const& transit() { return journeys().transit; }
    /// Direct flights and connections together, in the order of the search.
    [[nodiscard]] journey const& at(std::size_t nth);

private:
    struct found {
        std::shared_ptr<schedule const> keep;
        std::vector<itinerary> direct;
        std::vector<itinerary> transit;
        flight_cost cost;
    };
    struct made {
        std::vector<journey> direct;
        std::vector<journey> transit;
        std::vector<journey const*> in_order{};
    };

    [[nodiscard]] made& journeys();
    void put_in_order(made& all, flight_cost const& cost) const;

    std::optional<found> found_;  // until somebody asks for journeys
    std::unique_ptr<made> made_;
    route_summary summary_;
    route_order order_;
    std::size_t direct_size_;
    std::size_t transit_size_;
};

}  // namespace aircargo::python
