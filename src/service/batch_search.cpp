#include <aircargo/service/batch_search.hpp>
#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>

namespace aircargo {
namespace {

/// Few enough that no thread waits long for another's last ones, enough that threads seldom meet.
constexpr std::size_t queries_at_once = 16;

/// Hands out queries, a few at a time, until there are none or somebody failed.
class work_queue {
public:
    explicit work_queue(std::size_t size) : size_(size) {}

    template <class Use>
    void work(Use const& use) noexcept
    {
        try {
            for (;;) {
                auto const first = next_.fetch_add(queries_at_once, std::memory_order_relaxed);
                if (first >= size_) return;
                auto const last = std::min(size_, first + queries_at_once);
                for (auto i = first; i < last; ++i) use(i);
            }
        } catch (...) {
            next_.store(size_, std::memory_order_relaxed);
            if (!failed_.exchange(true)) failure_ = std::current_exception();
        }
    }
    /// \pre nobody works any longer
    void rethrow() const
    {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    std::size_t size_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> failed_{false};
    std::exception_ptr failure_;  // of the first that failed
};

[[nodiscard]] std::size_t most_legs_of(std::span<route_query const> queries)
{
    std::size_t most = 2;
    for (auto const& q : queries) {
        most = std::max(most, std::min(q.max_stops, itinerary::max_legs - 1) + 1);
    }
    return most;
}

/// Queries whose keys are close have much of the schedule in common: the same lanes out of the
/// origin, then the same day of them.
[[nodiscard]] std::uint64_t locality_key(route_query const& q)
{
    auto const day = std::chrono::floor<std::chrono::days>(q.day.start).time_since_epoch().count();
    return std::uint64_t{q.origin.index()} << 48 |
           std::uint64_t{static_cast<std::uint32_t>(day)} << 16 | q.destination.index();
}

}  // namespace

batch_search::batch_search(std::size_t threads) : parts_(std::max<std::size_t>(threads, 1)) {}

void batch_search::run(schedule const& s, std::span<route_query const> queries,
                       batch_answer& answer)
{
    run_into(s, queries, answer);
}

void batch_search::run(schedule const& s, std::span<route_query const> queries, batch_table& answer)
{
    run_into(s, queries, answer);
}

template <class Answer>
void batch_search::run_into(schedule const& s, std::span<route_query const> queries, Answer& answer)
{
    auto const most_legs = most_legs_of(queries);
    begin(s, queries, most_legs);
    noted_.resize(queries.size());
    spread([&](std::size_t part, std::size_t query) {
        noted_[query] = parts_[part].find(queries[query]);
        noted_[query].part = static_cast<std::uint32_t>(part);
    });

    answer.offsets.assign(1, 0);
    answer.reasons.clear();
    for (auto const& noted : noted_) {
        answer.offsets.push_back(static_cast<std::int64_t>(noted.itineraries));
        answer.reasons.push_back(noted.reason);
    }
    answer.make_room(most_legs);

    spread([&](std::size_t part, std::size_t query) {
        auto const& noted = noted_[query];
        parts_[part].write(parts_[noted.part], noted, queries[query], answer,
                           answer.offsets[query]);
    });
}

void batch_search::count(schedule const& s, std::span<route_query const> queries,
                         std::vector<std::int64_t>& counts)
{
    begin(s, queries, most_legs_of(queries));
    counts.resize(queries.size());
    spread([&](std::size_t part, std::size_t query) {
        counts[query] = parts_[part].count(queries[query]);
    });
}

void batch_search::begin(schedule const& s, std::span<route_query const> queries,
                         std::size_t most_legs)
{
    for (auto& part : parts_) part.begin(s, most_legs);
    order_.clear();
    for (std::size_t i = 0; i < queries.size(); ++i) {
        order_.push_back({locality_key(queries[i]), i});
    }
    std::sort(order_.begin(), order_.end(),
              [](auto const& a, auto const& b) { return a.key < b.key; });
}

template <class Use>
void batch_search::spread(Use const& use)
{
    work_queue queue(order_.size());
    auto const work_as = [&](std::size_t part) {
        queue.work([&](std::size_t nth) { use(part, order_[nth].query); });
    };
    {
        std::vector<std::jthread> others;
        auto const useful = (order_.size() + queries_at_once - 1) / queries_at_once;
        auto const threads = std::min(parts_.size(), useful);
        try {
            for (std::size_t part = 1; part < threads; ++part) others.emplace_back(work_as, part);
        } catch (std::system_error const&) {
            // The system has no more threads to give: those that it gave do the work.
        }
        work_as(0);
    }
    queue.rethrow();
}

}  // namespace aircargo
