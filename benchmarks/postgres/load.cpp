// Closed loops of callers at the desk of a system on PostgreSQL, for
// benchmarks/postgres/compare.py.
//   postgres_load creates|updates CALLERS SECONDS [WORKERS]     URL in AIRCARGO_BENCH_POSTGRES
// With a URL in AIRCARGO_BENCH_REDIS each update holds its booking in a cache there, which is the
// lock. Prints changes a second, the median latency in us, and the mean batch. Each caller hands
// its next request in when the last one is answered, as a connection of the server does.

#include <aircargo/async/cargo_system.hpp>
#include <aircargo/cache/redis.hpp>
#include <aircargo/store/postgres.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <latch>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aircargo;
using clock_type = std::chrono::steady_clock;

book_request a_request()
{
    return {airport_code::parse("DEL").value(), airport_code::parse("BLR").value(), 3,
            weight::from_kg(120).value()};
}

/// One caller: its next request, and what it has seen.
struct caller {
    std::vector<booking_ref> bookings;  // that it moves on
    std::size_t turn = 0;
    std::vector<std::chrono::nanoseconds> latencies;
};

class load {
public:
    load(cargo_system& system, bool updates, std::size_t callers)
        : system_(system), updates_(updates), callers_(callers), ended_(static_cast<long>(callers))
    {}

    /// Bookings to be moved on, made beforehand.
    void prepare(std::size_t each)
    {
        for (auto& c : callers_) {
            std::vector<std::future<result<booking>>> made;
            for (std::size_t i = 0; i < each; ++i) {
                auto promise = std::make_shared<std::promise<result<booking>>>();
                made.push_back(promise->get_future());
                system_.desk.writes.submit(a_request(), [promise](result<booking> answer) {
                    promise->set_value(std::move(answer));
                });
            }
            for (auto& m : made) c.bookings.push_back(m.get().value().terms.ref);
        }
    }

    void run(std::chrono::duration<double> time)
    {
        began_ = clock_type::now();
        until_ = began_ + std::chrono::duration_cast<clock_type::duration>(time);
        for (auto& c : callers_) next(c);
        ended_.wait();
        took_ = clock_type::now() - began_;
    }

    void report() const
    {
        std::vector<std::chrono::nanoseconds> all;
        for (auto const& c : callers_)
            all.insert(all.end(), c.latencies.begin(), c.latencies.end());
        std::sort(all.begin(), all.end());
        auto const us = [&](double share) {
            auto const at = static_cast<std::size_t>(share * static_cast<double>(all.size() - 1));
            return static_cast<double>(all[at].count()) / 1000;
        };
        auto const counts = system_.desk.writes.counts();
        auto const seconds = std::chrono::duration<double>(took_).count();
        std::printf("%.0f %.0f %.1f\n", static_cast<double>(all.size()) / seconds, us(0.5),
                    static_cast<double>(counts.requests) / static_cast<double>(counts.batches));
    }

private:
    [[nodiscard]] booking_request request_of(caller& c) const
    {
        if (!updates_) return a_request();
        using enum booking_act;
        constexpr std::array acts{depart, arrive, deliver};
        auto const turn = c.turn++;
        return act_request{.ref = c.bookings.at(turn / acts.size()),
                           .act = acts.at(turn % acts.size())};
    }

    void next(caller& c)
    {
        bool const out_of_bookings = updates_ && c.turn == 3 * c.bookings.size();
        auto const now = clock_type::now();
        if (now >= until_ || out_of_bookings) {
            ended_.count_down();
            return;
        }
        system_.desk.writes.submit(request_of(c), [this, &c, now](result<booking> answer) {
            if (answer.has_error()) {
                std::fprintf(stderr, "refused: %s\n", answer.error().detail.c_str());
                std::abort();
            }
            c.latencies.push_back(clock_type::now() - now);
            next(c);
        });
    }

    cargo_system& system_;
    bool updates_;
    std::vector<caller> callers_;
    std::latch ended_;
    clock_type::time_point began_;
    clock_type::time_point until_;
    clock_type::duration took_{};
};

[[nodiscard]] int run(std::string_view what, std::size_t callers, double seconds, unsigned workers)
{
    auto const db = postgres_database::open(std::getenv("AIRCARGO_BENCH_POSTGRES")).value();
    char const* const redis = std::getenv("AIRCARGO_BENCH_REDIS");
    funnel_options writes;
    writes.workers = workers;
    cargo_system system({make_booking_store<postgres_booking_store>(db),
                         make_flight_store<postgres_flight_store>(db),
                         redis != nullptr ? make_cache<redis_cache>(open_redis(redis).value())
                                          : make_cache<no_cache>(),
                         make_lock_manager<no_locks>()},
                        cargo_system::system_time, {.writes = writes});
    load l(system, what == "updates", callers);
    if (what == "updates") {
        // Enough for the whole time at a pace that this will not reach.
        constexpr double most_a_second = 60'000;
        auto const each = most_a_second * seconds / 3 / static_cast<double>(callers);
        l.prepare(static_cast<std::size_t>(std::min(each, 4'000.0)) + 1);
    }
    l.run(std::chrono::duration<double>(seconds));
    l.report();
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        if (argc < 4) return 2;
        return run(argv[1], std::stoul(argv[2]), std::stod(argv[3]),
                   argc > 4 ? static_cast<unsigned>(std::stoul(argv[4])) : 2);
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
