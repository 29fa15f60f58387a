#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/limit/gcra.hpp>
#include <aircargo/limit/rate_limit.hpp>
#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aircargo {

/// Somebody wants to do something of which only so much is allowed.
struct rate_request {
    std::string key;  ///< who and what, such as `login:192.0.2.7`; what is used up is counted by it
    rate_limit limit;
    std::int64_t cost = 1;  ///< 0 to the limit's burst; 0 only asks
};

/// Whether it may be done, and what a client is told about it.
struct rate_answer {
    bool allowed = false;
    std::int64_t remaining = 0;  ///< how much more would be allowed right now
    /// When the same request would be allowed, if nobody asks before; zero for one that was.
    std::chrono::microseconds retry_after{};
    std::chrono::microseconds reset_after{};  ///< when all of the burst is there again

    friend bool operator==(rate_answer const&, rate_answer const&) = default;
};

// clang-format off
/// Counts what is done and says when it is too much. Each call is one round trip and may be made from several
/// threads. Requests of a batch count in their order, and one that is refused uses nothing up.
///
/// In every window of the limiter's clock at most burst + rate * time is allowed, exactly, as long as the
/// limiter remembers; who asks all the time gets no less. A key has one limit at a time: under a new one, what
/// was used up under the old one counts on as the time until it is back.
///
/// Of an entry that can not be answered: `invalid_request` (a cost below 0 or above the burst), `backend_down`
/// (the requests may have been counted, and the caller decides what to allow now), `overloaded`.
template <class L>
concept rate_limiter = requires(L& l, std::span<rate_request const> requests) {
    { l.check(requests) } -> std::same_as<std::vector<result<rate_answer>>>;
};
// clang-format on

/// The run-time form: a rate limiter chosen by configuration.
class any_rate_limiter {
public:
    virtual ~any_rate_limiter() = default;

    [[nodiscard]] virtual std::vector<result<rate_answer>> check(
        std::span<rate_request const> requests) = 0;
};
static_assert(rate_limiter<any_rate_limiter>);

/// Allows everything.
class no_rate_limiter {
public:
    [[nodiscard]] std::vector<result<rate_answer>> check(std::span<rate_request const> requests)
    {
        std::vector<result<rate_answer>> answers;
        answers.reserve(requests.size());
        for (auto const& r : requests)
            answers.emplace_back(rate_answer{true, r.limit.burst(), {}, {}});
        return answers;
    }
};
static_assert(rate_limiter<no_rate_limiter>);

namespace detail {

template <rate_limiter L>
class erased_rate_limiter final : public any_rate_limiter {
public:
    template <class... Args>
    explicit erased_rate_limiter(Args&&... args) : limiter_(std::forward<Args>(args)...)
    {}

    std::vector<result<rate_answer>> check(std::span<rate_request const> requests) override
    {
        return limiter_.check(requests);
    }

private:
    L limiter_;
};

namespace gcra {

/// Whether a request has a cost that can be paid at all; else why not.
[[nodiscard]] inline result<void> check_cost(rate_request const& request)
{
    if (request.cost >= 0 && request.cost <= request.limit.burst()) return {};
    return refuse(errc::invalid_request,
                  "a rate limit with a burst of " + std::to_string(request.limit.burst()) +
                      " can not take a cost of " + std::to_string(request.cost));
}

[[nodiscard]] constexpr rate_answer answer_of(outcome const& came, rate_limit const& limit,
                                              std::int64_t cost) noexcept
{
    auto const left = price(limit, limit.burst()) - came.debt;
    auto const missing = came.allowed ? 0 : price(limit, cost) - left;
    return {came.allowed, left / price(limit, 1), time_to_pay(missing, limit),
            time_to_pay(came.debt, limit)};
}

}  // namespace gcra
}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <rate_limiter L, class... Args>
[[nodiscard]] std::unique_ptr<any_rate_limiter> make_rate_limiter(Args&&... args)
{
    return std::make_unique<detail::erased_rate_limiter<L>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
