#pragma once

#include <aircargo/async/funnel.hpp>
#include <aircargo/core/result.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace aircargo::server {

/// Threads for work that blocks, which comes one piece at a time. Thread-safe; what was taken in is
/// done before the pool goes.
class worker_pool {
public:
    /// \param most_waiting beside those in hand; more are refused with `overloaded`
    worker_pool(unsigned workers, std::size_t most_waiting)
        : tasks_(run_each, {.max_batch = 1,
                            .max_waiting = most_waiting,
                            .workers = workers,
                            .when_thrown = errc::internal_error})
    {}

    /// Calls `then` with what `work()`, a result, answers, on a thread of the pool; with
    /// `internal_error` when that throws; or right here with `overloaded`.
    template <class Work, class Then>
    void submit(Work work, Then then)
    {
        using answer = decltype(work());
        auto const kept = std::make_shared<std::optional<answer>>();
        tasks_.submit([kept, work = std::move(work)]() mutable { kept->emplace(work()); },
                      [kept, then = std::move(then)](result<done> ran) mutable {
                          then(ran ? *std::move(*kept) : answer(ran.error()));
                      });
    }

private:
    struct done {};
    using task = std::function<void()>;

    [[nodiscard]] static std::vector<result<done>> run_each(std::span<task const> tasks)
    {
        for (auto const& each : tasks) each();
        return std::vector<result<done>>(tasks.size(), done{});
    }

    funnel<task, done> tasks_;
};

}  // namespace aircargo::server
