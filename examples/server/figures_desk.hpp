#pragma once

#include <aircargo/async/funnel.hpp>
#include <aircargo/core/clock.hpp>
#include <aircargo/store/booking_store.hpp>
#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

namespace aircargo::server {

/// Days in UTC, both counted.
struct day_span {
    date first;
    date last;

    friend auto operator<=>(day_span const&, day_span const&) = default;
};

/// Figures as they were at some moment.
struct dated_figures {
    booking_figures figures;
    utc_time as_of;
};
using figures_answer = std::shared_ptr<dated_figures const>;

/// Where figures are asked for. A store reads every booking of the span for them, so they are
/// remembered for a while, and worked out one after the other: who asks for what is being worked
/// out gets that. Thread-safe. The store must outlive it.
class figures_desk {
public:
    static constexpr std::chrono::seconds remembered_for{30};

    figures_desk(any_booking_store& bookings, wall_clock now, monotonic_clock steady);

    /// What is remembered; null when that has to be asked for.
    [[nodiscard]] figures_answer remembered(day_span const& days) const;

private:
    struct entry {
        std::chrono::steady_clock::time_point until;
        figures_answer answer;
    };
    static constexpr std::size_t most_remembered = 64;

    [[nodiscard]] result<figures_answer> work_out(day_span const& days);
    void remember(day_span const& days, figures_answer answer);

    any_booking_store& bookings_;
    wall_clock now_;
    monotonic_clock steady_;
    mutable std::mutex mutex_;
    std::map<day_span, entry> entries_;  // guarded by mutex_

public:
    funnel<day_span, figures_answer> asks;  // the last, since it uses the others until it ends
};

}  // namespace aircargo::server
