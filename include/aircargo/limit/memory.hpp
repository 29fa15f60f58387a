#pragma once

#include <aircargo/core/clock.hpp>
#include <aircargo/limit/rate_limiter.hpp>
#include <cstddef>
#include <functional>
#include <mutex>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aircargo {

/// Counts within this process. Keys that owe nothing any more are forgotten, and there are at most
/// `max_keys`: while all of them owe something, requests of further keys are `overloaded`. About
/// 200 bytes a key. Thread-safe.
class memory_rate_limiter {
public:
    struct options {
        std::size_t max_keys = 1'000'000;
        monotonic_clock now = [] { return std::chrono::steady_clock::now(); };
    };

    memory_rate_limiter() : memory_rate_limiter(options()) {}
    explicit memory_rate_limiter(options o) : options_(std::move(o)) {}

    [[nodiscard]] std::vector<result<rate_answer>> check(std::span<rate_request const> requests);

    /// Keys that are remembered.
    [[nodiscard]] std::size_t keys() const;

private:
    using debt_end = detail::gcra::debt_end;
    using debtors = std::unordered_map<std::string, debt_end>;
    /// When to look whether a key can be forgotten. Each key stands in the queue once.
    struct appointment {
        std::int64_t at;
        debtors::value_type const* who;
        friend bool operator>(appointment const& a, appointment const& b) { return a.at > b.at; }
    };

    [[nodiscard]] result<rate_answer> check_one(rate_request const& request, std::int64_t now);
    void forget_some(std::int64_t now);
    void look_again(debtors::value_type const& debtor);

    options options_;
    mutable std::mutex mutex_;
    debtors debtors_;
    std::priority_queue<appointment, std::vector<appointment>, std::greater<>> appointments_;
};

inline std::vector<result<rate_answer>> memory_rate_limiter::check(
    std::span<rate_request const> requests)
{
    std::vector<result<rate_answer>> answers;
    answers.reserve(requests.size());
    std::scoped_lock const lock(mutex_);
    // Read under the mutex, so that time goes on from each request to the next.
    auto const now =
        std::chrono::floor<std::chrono::microseconds>(options_.now().time_since_epoch());
    for (auto const& r : requests) answers.push_back(check_one(r, now.count()));
    return answers;
}

inline std::size_t memory_rate_limiter::keys() const
{
    std::scoped_lock const lock(mutex_);
    return debtors_.size();
}

inline result<rate_answer> memory_rate_limiter::check_one(rate_request const& request,
                                                          std::int64_t now)
{
    using namespace detail::gcra;
    if (auto const payable = check_cost(request); !payable) return payable.error();
    forget_some(now);
    auto const known = debtors_.find(request.key);
    bool const is_new = known == debtors_.end();
    auto until = is_new ? debt_end{now, 0, 1} : known->second;
    auto const came = take(until, request.limit, request.cost, now);
    auto const answer = answer_of(came, request.limit, request.cost);
    if (!is_new) {
        known->second = until;
    } else if (came.debt > 0) {
        if (debtors_.size() >= options_.max_keys) {
            return refuse(errc::overloaded,
                          "the rate limiter knows too many keys already; try again in a moment");
        }
        look_again(*debtors_.emplace(request.key, until).first);
    }
    return answer;
}

/// Two for each request, which adds one at most: so nobody has to wait for many at once.
inline void memory_rate_limiter::forget_some(std::int64_t now)
{
    for (int i = 0; i < 2 && !appointments_.empty() && appointments_.top().at <= now; ++i) {
        auto const& debtor = *appointments_.top().who;
        appointments_.pop();
        if (debtor.second.whole >= now) {
            look_again(debtor);
        } else {
            debtors_.erase(debtors_.find(debtor.first));
        }
    }
}

inline void memory_rate_limiter::look_again(debtors::value_type const& debtor)
{
    appointments_.push({debtor.second.whole + 1, &debtor});
}

static_assert(rate_limiter<memory_rate_limiter>);

}  // namespace aircargo
