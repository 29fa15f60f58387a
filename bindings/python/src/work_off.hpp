#pragma once

#include <aircargo/lock/retry_plan.hpp>
#include <aircargo/service/booking_service.hpp>
#include <functional>
#include <span>
#include <vector>

namespace aircargo::python {

/// So many changes are one transaction; more would keep other writers of the store waiting for
/// long.
inline constexpr std::size_t largest_batch = 8'192;

using run_batch = std::function<std::vector<result<booking>>(std::span<booking_request const>)>;

/// Runs changes in batches as large as they may be. A booking that stands several times is in as
/// many batches, in order. Who meets a busy lock is asked again as `plan` says, together with all
/// that stand behind it.
[[nodiscard]] std::vector<result<booking>> work_off(std::span<booking_request const> requests,
                                                    run_batch const& run,
                                                    retry_plan const& plan = {});

}  // namespace aircargo::python
