#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/flight.hpp>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

/// A half-open span of departures: `from` or later, before `until`.
struct flight_window {
    utc_time from = utc_time::min();
    utc_time until = utc_time::max();
};

[[nodiscard]] inline error flight_not_found(flight_id id)
{
    return refuse(errc::not_found,
                  "there is no flight " + std::to_string(static_cast<std::int64_t>(id)));
}

// clang-format off
/// Keeps the flights of the schedule. Each call is one round trip and may be made from several threads.
///
/// `upsert` is one transaction: a flight that is new (number, ends, departure) gets an id; a known one keeps its
/// id and takes the new arrival and airline. It answers the flights as stored, or one error for the batch.
/// `load` answers by departure, then id. `find` answers `not_found` an entry.
/// `version` moves whenever the stored flights change, and never comes back to an old value.
template <class S>
concept flight_store = requires(S& s, std::span<flight const> flights, std::span<flight_id const> ids,
                                flight_window window) {
    { s.upsert(flights) } -> std::same_as<result<std::vector<flight>>>;
    { s.load(window) }    -> std::same_as<result<std::vector<flight>>>;
    { s.find(ids) }       -> std::same_as<std::vector<result<flight>>>;
    { s.version() }       -> std::same_as<result<std::uint64_t>>;
};
// clang-format on

/// The run-time form: a flight store chosen by configuration.
class any_flight_store {
public:
    virtual ~any_flight_store() = default;

    [[nodiscard]] virtual result<std::vector<flight>> upsert(std::span<flight const> flights) = 0;
    [[nodiscard]] virtual result<std::vector<flight>> load(flight_window window) = 0;
    [[nodiscard]] virtual std::vector<result<flight>> find(std::span<flight_id const> ids) = 0;
    [[nodiscard]] virtual result<std::uint64_t> version() = 0;
};
static_assert(flight_store<any_flight_store>);

namespace detail {

template <flight_store S>
class erased_flight_store final : public any_flight_store {
public:
    template <class... Args>
    explicit erased_flight_store(Args&&... args) : store_(std::forward<Args>(args)...)
    {}

    result<std::vector<flight>> upsert(std::span<flight const> flights) override
    {
        return store_.upsert(flights);
    }
    result<std::vector<flight>> load(flight_window window) override { return store_.load(window); }
    std::vector<result<flight>> find(std::span<flight_id const> ids) override
    {
        return store_.find(ids);
    }
    result<std::uint64_t> version() override { return store_.version(); }

private:
    S store_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <flight_store S, class... Args>
[[nodiscard]] std::unique_ptr<any_flight_store> make_flight_store(Args&&... args)
{
    return std::make_unique<detail::erased_flight_store<S>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
