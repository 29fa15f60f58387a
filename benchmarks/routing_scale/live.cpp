#include "figures.hpp"
#include "parts.hpp"
#include <aircargo/routing/search.hpp>
#include <aircargo/service/live_schedule.hpp>
#include <array>
#include <atomic>
#include <ctime>
#include <random>
#include <thread>

namespace aircargo::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr int seen_updates = 6'000;
constexpr int plain_updates = 15'000;
constexpr int reader_rounds = 11;
constexpr std::chrono::milliseconds reader_time(400);
constexpr int updates_a_second = 10'000;
constexpr std::chrono::microseconds pace(1'000'000 / updates_a_second);

/// Changes of random flights: one is retimed, one cancelled, one added, and so on.
class changes {
public:
    enum kind { retime, cancel, add };

    explicit changes(std::vector<flight> const& all)
        : random_(change_seed), next_id_(static_cast<std::int64_t>(all.size()))
    {
        constexpr std::size_t most = 100'000;
        auto const step = std::max<std::size_t>(all.size() / most, 1);
        for (std::size_t i = 0; i < all.size(); i += step) some_.push_back(all[i]);
    }

    [[nodiscard]] static kind kind_of(int nth) noexcept { return static_cast<kind>(nth % 3); }
    [[nodiscard]] flight_change next()
    {
        auto const at = random_() % some_.size();
        switch (kind_of(made_++)) {
            case retime: return later(some_[at]);
            case cancel: return without(at);
            case add: return another(some_[at]);
        }
        return later(some_[at]);
    }

private:
    [[nodiscard]] std::chrono::minutes some_minutes()
    {
        return std::chrono::minutes(1 + random_() % 90);
    }
    [[nodiscard]] flight_change later(flight& f)
    {
        auto const delay = some_minutes();
        f.departure += delay;
        f.arrival += delay;
        return retime_flight(f, f.departure, f.arrival);
    }
    [[nodiscard]] flight_change without(std::size_t at)
    {
        std::swap(some_[at], some_.back());
        auto const change = cancel_flight(some_.back());
        some_.pop_back();
        return change;
    }
    [[nodiscard]] flight_change another(flight f)
    {
        f.id = static_cast<flight_id>(++next_id_);
        f.departure += std::chrono::seconds(30);
        some_.push_back(f);
        return add_flight(f);
    }

    std::mt19937_64 random_;
    std::int64_t next_id_;
    std::vector<flight> some_;
    int made_ = 0;
};

void apply(live_schedule& live, flight_change const& change)
{
    (void)live.apply({&change, 1}).value();
}

// -------------------------------------------------------------------------------- until it is seen

/// A thread that looks at a live schedule without pause and notes when it sees it change.
class watcher {
public:
    explicit watcher(live_schedule const& live)
        : thread_([this, &live](std::stop_token const& stop) { watch(live, stop); })
    {
        while (seen_ == 0) {
        }
    }

    /// When the change after so many others was seen. Waits until then.
    [[nodiscard]] steady::time_point when_seen(int before) const
    {
        while (seen_.load(std::memory_order_acquire) < before + 2) {
        }
        return when_;
    }

private:
    void watch(live_schedule const& live, std::stop_token const& stop)
    {
        schedule_reader reader(live);
        schedule const* last = nullptr;
        while (!stop.stop_requested()) {
            auto const* const now = &reader.current();
            if (now == last) continue;
            last = now;
            when_ = steady::now();
            seen_.fetch_add(1, std::memory_order_release);
        }
    }

    steady::time_point when_;
    std::atomic<int> seen_ = 0;  // the first is the schedule before all changes
    std::jthread thread_;        // last: it uses the others
};

void measure_until_seen(live_schedule& live, changes& some)
{
    std::array<std::vector<double>, 3> us;  // by kind
    std::vector<double> all;
    watcher const watching(live);
    for (int i = 0; i < seen_updates; ++i) {
        auto const kind = changes::kind_of(i);
        auto const change = some.next();
        auto const start = steady::now();
        apply(live, change);
        std::chrono::duration<double, std::micro> const took = watching.when_seen(i) - start;
        us[kind].push_back(took.count());
        all.push_back(took.count());
    }
    print_figure("update until another thread sees it, median", median(all), "us", 50);
    print_figure("update until another thread sees it, p99", quantile(all, 0.99), "us", 50);
    print_figure("  of which a retimed flight, median", median(us[changes::retime]), "us");
    print_figure("  of which a cancelled one, median", median(us[changes::cancel]), "us");
    print_figure("  of which an added one, median", median(us[changes::add]), "us");
}

void measure_rate(live_schedule& live, changes& some)
{
    auto const seconds = seconds_of([&] {
        for (int i = 0; i < plain_updates; ++i) apply(live, some.next());
    });
    print_figure("single updates, one thread, nobody reads", plain_updates / seconds, "/s");
}

// --------------------------------------------------------------------------- what it costs readers

[[nodiscard]] double thread_cpu_seconds()
{
    std::timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct reading {
    double searches = 0;
    double wall = 0;  ///< seconds
    double cpu = 0;
};

[[nodiscard]] reading read_until(std::stop_token const& stop, live_schedule const& live,
                                 std::vector<route_query> const& queries, std::size_t first)
{
    schedule_reader reader(live);
    route_search searching;
    route_answer answer;
    reading done;
    stopwatch const wall;
    auto const cpu = thread_cpu_seconds();
    for (auto i = first; !stop.stop_requested(); ++i) {
        searching.run(reader.current(), queries[i % queries.size()], answer);
        ++done.searches;
    }
    done.wall = wall.seconds();
    done.cpu = thread_cpu_seconds() - cpu;
    return done;
}

/// So many threads search while `meanwhile` runs.
template <class Use>
[[nodiscard]] reading read_while(int readers, live_schedule const& live,
                                 std::vector<route_query> const& queries, Use meanwhile)
{
    std::vector<reading> done(static_cast<std::size_t>(readers));
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < done.size(); ++i) {
            threads.emplace_back([&, i](std::stop_token const& stop) {
                done[i] = read_until(stop, live, queries, i * queries.size() / done.size());
            });
        }
        meanwhile();
    }
    reading sum;
    for (auto const& one : done) {
        sum.searches += one.searches;
        sum.wall += one.wall;
        sum.cpu += one.cpu;
    }
    return sum;
}

/// \return updates a second
double write_paced(live_schedule& live, changes& some)
{
    auto const count = reader_time / pace;
    auto const start = steady::now();
    for (int i = 0; i < count; ++i) {
        apply(live, some.next());
        std::this_thread::sleep_until(start + (i + 1) * pace);
    }
    std::chrono::duration<double> const took = steady::now() - start;
    return static_cast<double>(count) / took.count();
}

void measure_readers(int readers, live_schedule& live, changes& some,
                     std::vector<route_query> const& queries)
{
    std::vector<double> lost;    // % of searches
    std::vector<double> longer;  // % of CPU time a search
    std::vector<double> cpu_us;
    std::vector<double> rate;
    for (int round = 0; round < reader_rounds; ++round) {
        auto const quiet =
            read_while(readers, live, queries, [] { std::this_thread::sleep_for(reader_time); });
        auto const busy =
            read_while(readers, live, queries, [&] { rate.push_back(write_paced(live, some)); });
        lost.push_back(100 * (1 - busy.searches / busy.wall / (quiet.searches / quiet.wall)));
        longer.push_back(100 * (busy.cpu / busy.searches / (quiet.cpu / quiet.searches) - 1));
        cpu_us.push_back(quiet.cpu / quiet.searches * 1e6);
    }
    auto const who = std::to_string(readers) + (readers == 1 ? " reader, " : " readers, ");
    print_figure(who + "nobody writes: CPU time a search", median(cpu_us), "us");
    print_figure(who + "one more thread writes", median(rate), "updates/s");
    print_figure(who + "CPU time a search grows by", median(longer), "%", 5);
    print_figure(who + "searches a second fall by", median(lost), "%", 5);
}

}  // namespace

void measure_live(data_set const& data, schedule const& s)
{
    print_heading("live: " + data.name + " (seed " + std::to_string(change_seed) + ")");
    live_schedule live(s);
    changes some(data.flights);
    measure_rate(live, some);
    measure_until_seen(live, some);

    // Where there are fewer cores than threads, the writer takes its time from the readers.
    print_figure("cores", std::thread::hardware_concurrency(), "");
    auto const queries = draw_queries(data, *live.snapshot()).with_route;
    for (int const readers : {1, 2}) measure_readers(readers, live, some, queries);
}

}  // namespace aircargo::bench
