#pragma once

#include <aircargo/async/gather_queue.hpp>
#include <aircargo/core/assert.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/lock/retry_plan.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo {

struct funnel_options {
    std::size_t max_batch = 512;
    std::size_t max_waiting = 16'384;  ///< more are refused with `overloaded`
    unsigned workers = 1;              ///< batches in flight at once
    retry_plan retry{};                ///< for requests that are answered `lock_busy`
    /// What all of a batch are answered that something was thrown from. Nobody knows how far it
    /// came, so where it changes something only this is safe; where it only reads, `internal_error`
    /// tells more.
    errc when_thrown = errc::commit_unknown;
};

/// Counts since the start; a mean batch size is `batched / batches`.
struct funnel_counts {
    static constexpr std::size_t size_classes = 11;

    std::uint64_t requests = 0;
    std::uint64_t batches = 0;
    std::uint64_t batched = 0;  ///< requests in these, once for each attempt
    /// Of these batches, those of up to 1, 2, 4, ... 512 requests that are not in the class before;
    /// the last class has all that are larger.
    std::array<std::uint64_t, size_classes> by_size{};
    std::size_t waiting = 0;  ///< now, for a batch or for a lock
    std::uint64_t refused = 0;
    std::uint64_t retries = 0;
    // Of locks, by the requests that met them; who parks behind such a request is not among them.
    std::uint64_t contended = 0;           ///< requests that found their lock busy
    std::uint64_t gave_up = 0;             ///< of these, answered `lock_busy` in the end
    std::chrono::nanoseconds lock_wait{};  ///< of those that are answered, from busy to answered
};

/// Many callers in, few batches out. While a batch is in flight the next one gathers, and it leaves
/// as soon as a worker is free: an idle funnel sends batches of one at once, a busy one sends large
/// ones. No batch holds a key twice, and no two batches in flight share one.
///
/// Thread-safe. Handlers run on a worker thread and must not block; they run exactly once each,
/// also when the funnel is destroyed, which answers everything that was taken in.
template <class Request, class Answer, class Key = std::uint64_t>
class funnel {
public:
    using requests = std::vector<Request>;
    using answers = std::vector<result<Answer>>;
    /// Works off one batch and answers one result an entry, in order.
    using batch_function = std::function<answers(std::span<Request const>)>;
    /// The key of a request; nothing when it can stand beside any other.
    using key_function = std::function<std::optional<Key>(Request const&)>;

    funnel(batch_function run, key_function key_of, funnel_options options = {});
    explicit funnel(batch_function run, funnel_options options = {})
        : funnel(
              std::move(run), [](Request const&) { return std::optional<Key>(); }, options)
    {}
    ~funnel();
    funnel(funnel const&) = delete;
    funnel& operator=(funnel const&) = delete;

    /// Hands a request in and returns at once. `handler(result<Answer>)` gets the answer; when the
    /// queue is full it is called right here with `overloaded`.
    template <class Handler>
    void submit(Request request, Handler&& handler);

    /// Hands a request in and waits for the answer.
    [[nodiscard]] result<Answer> call(Request request);

    [[nodiscard]] funnel_counts counts() const;

private:
    using clock = std::chrono::steady_clock;

    struct waiter {
        virtual ~waiter() = default;
        virtual void answer(result<Answer> value) = 0;
    };
    template <class Handler>
    struct waiter_for final : waiter {
        explicit waiter_for(Handler h) : handler(std::move(h)) {}
        void answer(result<Answer> value) override { std::move(handler)(std::move(value)); }
        Handler handler;
    };
    struct item {
        Request request;
        std::unique_ptr<waiter> reply;
        clock::time_point came = clock::now();
        int attempt = 1;
        std::optional<clock::time_point> found_busy{};
    };
    using entry = std::pair<std::optional<Key>, item>;

    void enqueue(item i);
    void count_batch(std::size_t size);
    void work();
    void work_off(std::vector<entry> batch);
    [[nodiscard]] answers run_guarded(requests const& batch) const;
    [[nodiscard]] bool wait_for_batch(std::unique_lock<std::mutex>& lock,
                                      std::vector<entry>& batch);
    [[nodiscard]] std::size_t due_now() const;
    [[nodiscard]] bool try_again_later(entry& e, result<Answer> const& answer,
                                       clock::time_point now);

    batch_function run_;
    key_function key_of_;
    funnel_options options_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    gather_queue<item, Key> queue_;
    std::multimap<clock::time_point, entry> later_;  // keep their keys while they wait for a lock
    std::mt19937_64 random_{std::random_device{}()};
    funnel_counts counts_;
    bool stopping_ = false;
    std::vector<std::thread> workers_;
};

template <class Request, class Answer, class Key>
funnel<Request, Answer, Key>::funnel(batch_function run, key_function key_of,
                                     funnel_options options)
    : run_(std::move(run)),
      key_of_(std::move(key_of)),
      options_(options),
      queue_(options.max_waiting)
{
    for (unsigned i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { work(); });
}

template <class Request, class Answer, class Key>
funnel<Request, Answer, Key>::~funnel()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& worker : workers_) worker.join();
}

template <class Request, class Answer, class Key>
template <class Handler>
void funnel<Request, Answer, Key>::submit(Request request, Handler&& handler)
{
    using stored = waiter_for<std::decay_t<Handler>>;
    enqueue({std::move(request), std::make_unique<stored>(std::forward<Handler>(handler))});
}

template <class Request, class Answer, class Key>
void funnel<Request, Answer, Key>::enqueue(item i)
{
    auto key = key_of_(i.request);
    {
        std::scoped_lock const lock(mutex_);
        bool const room = queue_.waiting() + later_.size() < options_.max_waiting;
        if (room && queue_.push(std::move(key), std::move(i))) {
            ++counts_.requests;
            wake_.notify_one();
            return;
        }
        ++counts_.refused;
    }
    i.reply->answer(
        refuse(errc::overloaded, "too many requests wait already; try again in a moment"));
}

template <class Request, class Answer, class Key>
result<Answer> funnel<Request, Answer, Key>::call(Request request)
{
    std::promise<result<Answer>> promise;
    auto future = promise.get_future();
    submit(std::move(request),
           [&promise](result<Answer> answer) { promise.set_value(std::move(answer)); });
    return future.get();
}

template <class Request, class Answer, class Key>
funnel_counts funnel<Request, Answer, Key>::counts() const
{
    std::scoped_lock const lock(mutex_);
    auto counted = counts_;
    counted.waiting = queue_.waiting() + later_.size();
    return counted;
}

template <class Request, class Answer, class Key>
void funnel<Request, Answer, Key>::count_batch(std::size_t size)
{
    auto const size_class = static_cast<std::size_t>(std::bit_width(size - 1));
    ++counts_.batches;
    counts_.batched += size;
    ++counts_.by_size[std::min(size_class, funnel_counts::size_classes - 1)];
}

/// How many retries have waited long enough.
template <class Request, class Answer, class Key>
std::size_t funnel<Request, Answer, Key>::due_now() const
{
    auto const end = later_.upper_bound(clock::now());
    return static_cast<std::size_t>(std::distance(later_.begin(), end));
}

/// Waits until a batch can leave; false when the funnel stops and nothing is left to do.
template <class Request, class Answer, class Key>
bool funnel<Request, Answer, Key>::wait_for_batch(std::unique_lock<std::mutex>& lock,
                                                  std::vector<entry>& batch)
{
    for (;;) {
        // Who still waits for a lock when the funnel stops gets a last attempt now.
        auto const due = std::min(stopping_ ? later_.size() : due_now(), options_.max_batch);
        for (std::size_t i = 0; i < due; ++i) {
            batch.push_back(std::move(later_.begin()->second));
            later_.erase(later_.begin());
        }
        auto gathered = queue_.take(options_.max_batch - batch.size());
        std::move(gathered.begin(), gathered.end(), std::back_inserter(batch));
        if (!batch.empty()) return true;
        if (stopping_ && later_.empty() && queue_.waiting() == 0) return false;
        if (later_.empty()) {
            wake_.wait(lock);
        } else {
            wake_.wait_until(lock, later_.begin()->first);
        }
    }
}

template <class Request, class Answer, class Key>
void funnel<Request, Answer, Key>::work()
{
    std::unique_lock lock(mutex_);
    std::vector<entry> batch;
    while (wait_for_batch(lock, batch)) {
        count_batch(batch.size());
        lock.unlock();
        work_off(std::exchange(batch, {}));
        lock.lock();
    }
    wake_.notify_all();  // the other workers may be waiting for what this one had in hand
}

template <class Request, class Answer, class Key>
typename funnel<Request, Answer, Key>::answers funnel<Request, Answer, Key>::run_guarded(
    requests const& batch) const
{
    try {
        auto answered = run_(batch);
        AIRCARGO_ASSERT(answered.size() == batch.size());
        return answered;
    } catch (std::exception const& failure) {
        return answers(batch.size(), refuse(options_.when_thrown, failure.what()));
    }
}

/// Parks a request whose lock is busy until its next attempt. \pre the mutex is held
template <class Request, class Answer, class Key>
bool funnel<Request, Answer, Key>::try_again_later(entry& e, result<Answer> const& answer,
                                                   clock::time_point now)
{
    if (answer.has_value() || answer.error().code != errc::lock_busy) return false;
    auto& asker = e.second;
    if (!asker.found_busy) {
        asker.found_busy = now;
        ++counts_.contended;
    }
    auto const delay =
        stopping_ ? std::nullopt
                  : options_.retry.delay_before(asker.attempt + 1, random_(), now - asker.came);
    if (!delay) {
        ++counts_.gave_up;
        return false;
    }
    ++asker.attempt;
    ++counts_.retries;
    later_.emplace(now + *delay, std::move(e));
    return true;
}

template <class Request, class Answer, class Key>
void funnel<Request, Answer, Key>::work_off(std::vector<entry> batch)
{
    requests asked;
    asked.reserve(batch.size());
    for (auto& e : batch) asked.push_back(std::move(e.second.request));
    auto answered = run_guarded(asked);

    std::vector<std::pair<std::unique_ptr<waiter>, result<Answer>>> replies;
    replies.reserve(batch.size());
    {
        std::scoped_lock const lock(mutex_);
        auto const now = clock::now();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto& [key, asker] = batch[i];
            asker.request = std::move(asked[i]);
            if (try_again_later(batch[i], answered[i], now)) continue;
            if (asker.found_busy) counts_.lock_wait += now - *asker.found_busy;
            queue_.finish(key);
            replies.emplace_back(std::move(asker.reply), std::move(answered[i]));
        }
        if (queue_.ready() || !later_.empty()) wake_.notify_one();
    }
    for (auto& [reply, answer] : replies) reply->answer(std::move(answer));
}

}  // namespace aircargo
