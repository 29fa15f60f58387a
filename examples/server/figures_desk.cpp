#include "figures_desk.hpp"
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

[[nodiscard]] funnel_options one_by_one()
{
    funnel_options o;
    o.max_batch = 1;
    o.max_waiting = 16;  // each may take seconds
    o.when_thrown = errc::internal_error;
    return o;
}

}  // namespace

figures_desk::figures_desk(any_booking_store& bookings, wall_clock now, monotonic_clock steady)
    : bookings_(bookings),
      now_(std::move(now)),
      steady_(std::move(steady)),
      asks(
          [this](std::span<day_span const> batch) {
              std::vector<result<figures_answer>> answers;
              for (auto const& days : batch) answers.push_back(work_out(days));
              return answers;
          },
          one_by_one())
{}

figures_answer figures_desk::remembered(day_span const& days) const
{
    std::scoped_lock const lock(mutex_);
    auto const found = entries_.find(days);
    return found != entries_.end() && steady_() < found->second.until ? found->second.answer
                                                                      : nullptr;
}

result<figures_answer> figures_desk::work_out(day_span const& days)
{
    // Somebody may have asked for the same just before.
    if (auto known = remembered(days)) return known;
    auto const as_of = now_();
    auto figures = bookings_.figures({std::chrono::sys_days(days.first),
                                      std::chrono::sys_days(days.last) + std::chrono::days(1)});
    if (figures.has_error()) return figures.error();
    auto made = std::make_shared<dated_figures const>(dated_figures{*std::move(figures), as_of});
    remember(days, made);
    return figures_answer(std::move(made));
}

void figures_desk::remember(day_span const& days, figures_answer answer)
{
    std::scoped_lock const lock(mutex_);
    auto const now = steady_();
    std::erase_if(entries_, [&](auto const& e) { return e.second.until <= now; });
    if (entries_.size() >= most_remembered) {
        auto const sooner = [](auto const& a, auto const& b) {
            return a.second.until < b.second.until;
        };
        entries_.erase(std::min_element(entries_.begin(), entries_.end(), sooner));
    }
    entries_.insert_or_assign(days, entry{now + remembered_for, std::move(answer)});
}

}  // namespace aircargo::server
