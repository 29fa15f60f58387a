#include "desk.hpp"
#include "work_off.hpp"
#include <aircargo/booking/lifecycle.hpp>
#include <chrono>
#include <utility>
#include <variant>

namespace aircargo::python {
namespace {

[[nodiscard]] utc_time system_time()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Two changes of one booking must not meet in a batch; a new booking meets nobody.
[[nodiscard]] std::optional<booking_ref> booking_of(booking_request const& request)
{
    auto const* const act = std::get_if<act_request>(&request);
    return act ? std::optional(act->ref) : std::nullopt;
}

/// What `run` answers; for all of a batch the exception, if a port raised one.
template <class T, class Run>
[[nodiscard]] std::vector<result<answered<T>>> with_exceptions(std::size_t size, Run run)
{
    std::vector<result<answered<T>>> out;
    out.reserve(size);
    try {
        for (auto& answer : run()) {
            if (answer.has_error()) {
                out.emplace_back(answer.error());
            } else {
                out.emplace_back(answered<T>{*std::move(answer)});
            }
        }
    } catch (raised const& e) {
        out.assign(size, answered<T>{e});
    }
    return out;
}

}  // namespace

desk::desk(ports p)
    : ports_(std::move(p)),
      changes_(*ports_.bookings, *ports_.flights, *ports_.cache, *ports_.locks, system_time),
      tracking(*ports_.bookings, *ports_.cache),
      routes(*ports_.flights),
      writes(
          [this](auto batch) {
              return with_exceptions<booking>(batch.size(), [&] { return changes_.run(batch); });
          },
          booking_of),
      finds([this](auto batch) {
          return with_exceptions<booking>(batch.size(), [&] { return tracking.find(batch); });
      }),
      tracks([this](auto batch) {
          return with_exceptions<tracked>(batch.size(), [&] { return track(batch); });
      })
{}

std::vector<result<booking>> desk::write_many(std::span<booking_request const> requests,
                                              std::function<void()> const& between)
{
    return work_off(requests, [&](std::span<booking_request const> batch) {
        between();
        return changes_.run(batch);
    });
}

/// The two are read one after the other, and the booking may move on in between. Its terms never
/// change, so the history tells what it had become.
std::vector<result<tracked>> desk::track(std::span<booking_ref const> refs)
{
    auto found = tracking.find(refs);
    auto histories = tracking.history(refs);
    std::vector<result<tracked>> out;
    out.reserve(refs.size());
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (found[i].has_error() || histories[i].has_error()) {
            out.emplace_back(found[i].has_error() ? found[i].error() : histories[i].error());
            continue;
        }
        auto& history = *histories[i];
        bool const belongs = !history.empty() && history.back().seq == found[i]->revision;
        auto now = belongs ? std::move(found[i]) : fold(found[i]->terms, history);
        if (now.has_error()) {
            out.emplace_back(now.error());
        } else {
            out.emplace_back(tracked{*std::move(now), std::move(history)});
        }
    }
    return out;
}

}  // namespace aircargo::python
