// How much of a day's reads the cache answers: 50,000 bookings are made and get 150,000 updates,
// and there are 2,000,000 reads, nine of ten of a booking and one of a history. How often a booking
// is asked for follows Zipf's law (the n-th most wanted one 1/n as often as the first).
//   redis_day real REDIS_URL POSTGRES_URL      as fast as it goes, through the desk
//   redis_day virtual TTL_SECONDS [EXPONENT]   over 86,400 seconds of virtual time, in memory
// The first shows the load that the database is spared, the second the share of hits that a day has
// which is not compressed: an entry then runs out many times.

#include <aircargo/async/cargo_system.hpp>
#include <aircargo/cache/redis.hpp>
#include <aircargo/store/postgres.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <latch>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aircargo;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t bookings_a_day = 50'000;
constexpr std::size_t updates_a_day = 150'000;
constexpr std::size_t reads_a_day = 2'000'000;
constexpr std::uint64_t seed = 20'251'201;

[[nodiscard]] book_request a_request()
{
    return {airport_code::parse("DEL").value(), airport_code::parse("BLR").value(), 3,
            weight::from_kg(120).value()};
}

/// Draws places from 0 on, each as often as Zipf's law says.
class zipf {
public:
    zipf(std::size_t size, double exponent)
    {
        double sum = 0;
        for (std::size_t i = 1; i <= size; ++i)
            sums_.push_back(sum += std::pow(static_cast<double>(i), -exponent));
    }
    template <class Random>
    std::size_t operator()(Random& random) const
    {
        std::uniform_real_distribution<double> anywhere(0, sums_.back());
        auto const at = std::lower_bound(sums_.begin(), sums_.end(), anywhere(random));
        return static_cast<std::size_t>(at - sums_.begin());
    }

private:
    std::vector<double> sums_;
};

enum class kind { read, history, update };

/// The day's acts but for the creations, in an order drawn at random, and the booking of each.
class plan {
public:
    explicit plan(double exponent = 1) : wanted_(bookings_a_day, exponent), random_(seed)
    {
        // Which booking is the n-th most wanted has nothing to do with when it was made.
        for (std::size_t i = 0; i < bookings_a_day; ++i) places_.push_back(i);
        std::shuffle(places_.begin(), places_.end(), random_);
        for (std::size_t i = 0; i < updates_a_day; ++i) acts_.push_back(kind::update);
        for (std::size_t i = 0; i < reads_a_day; ++i)
            acts_.push_back(i % 10 == 0 ? kind::history : kind::read);
        std::shuffle(acts_.begin(), acts_.end(), random_);
    }

    [[nodiscard]] std::size_t size() const { return acts_.size(); }

    struct step {
        kind what;
        std::size_t booking;
        booking_act act;
    };
    /// Updates go once round all bookings, departing all before the first arrives.
    [[nodiscard]] step next()
    {
        constexpr std::array acts{booking_act::depart, booking_act::arrive, booking_act::deliver};
        auto const what = acts_[done_++];
        if (what != kind::update) return {what, places_[wanted_(random_)], {}};
        auto const nth = updated_++;
        return {what, nth % bookings_a_day, acts.at(nth / bookings_a_day)};
    }

private:
    zipf wanted_;
    std::mt19937_64 random_;
    std::vector<std::size_t> places_;
    std::vector<kind> acts_;
    std::size_t done_ = 0;
    std::size_t updated_ = 0;
};

[[noreturn]] void stop_at(error const& e)
{
    std::fprintf(stderr, "refused: %s\n", e.detail.c_str());
    std::abort();
}

void report(cache_counts const& c)
{
    auto const all = static_cast<double>(c.hits + c.misses);
    std::printf("%.2f %% of %.0f reads from the cache; %llu reads from the database\n",
                100 * static_cast<double>(c.hits) / all, all,
                static_cast<unsigned long long>(c.misses));
}

/// Callers in closed loops at the desk.
class real_day {
public:
    real_day(cargo_system& system, std::size_t callers)
        : system_(system), ended_(static_cast<long>(callers)), callers_(callers)
    {}

    void run()
    {
        book_all();
        auto const began = clock_type::now();
        for (std::size_t i = 0; i < callers_; ++i) next();
        ended_.wait();
        std::chrono::duration<double> const took = clock_type::now() - began;
        std::printf("%.0f acts a second\n", static_cast<double>(plan_.size()) / took.count());
    }

private:
    void book_all()
    {
        constexpr std::size_t at_once = 5'000;
        while (refs_.size() < bookings_a_day) {
            std::vector<std::promise<result<booking>>> made(at_once);
            for (auto& promise : made) {
                system_.desk.writes.submit(a_request(), [&promise](result<booking> answer) {
                    promise.set_value(std::move(answer));
                });
            }
            for (auto& promise : made)
                refs_.push_back(promise.get_future().get().value().terms.ref);
        }
    }

    void next()
    {
        plan::step step{};
        {
            std::scoped_lock const lock(mutex_);
            if (drawn_ == plan_.size()) {
                ended_.count_down();
                return;
            }
            ++drawn_;
            step = plan_.next();
        }
        auto const& ref = refs_[step.booking];
        auto const go_on = [this](auto const& answer) {
            if (answer.has_error()) stop_at(answer.error());
            next();
        };
        switch (step.what) {
            case kind::read: system_.desk.finds.submit(ref, go_on); break;
            case kind::history: system_.desk.histories.submit(ref, go_on); break;
            case kind::update:
                system_.desk.writes.submit(act_request{.ref = ref, .act = step.act}, go_on);
                break;
        }
    }

    cargo_system& system_;
    plan plan_;
    std::vector<booking_ref> refs_;
    std::mutex mutex_;
    std::size_t drawn_ = 0;
    std::latch ended_;
    std::size_t callers_;
};

int run_real(std::string const& redis, std::string const& postgres)
{
    constexpr std::size_t callers = 256;
    auto const db = postgres_database::open(postgres).value();
    auto const node = open_redis(redis).value();
    // A day does not begin with a new Redis, and the quarantine of one is half of a compressed day.
    redis_cache opening(node);
    (void)opening.get(std::vector<cache_key>{{"a", "b"}});
    (void)node->run({{"DEL", "aircargo:cache:quarantine"}}).value();

    funnel_options two;
    two.workers = 2;
    cargo_system system({make_booking_store<postgres_booking_store>(db),
                         make_flight_store<postgres_flight_store>(db),
                         make_cache<redis_cache>(node), make_lock_manager<no_locks>()},
                        cargo_system::system_time, {two, two});
    real_day(system, callers).run();
    report(system.tracking.counts());
    return 0;
}

int run_virtual(std::chrono::seconds ttl, double exponent)
{
    auto now = std::chrono::steady_clock::time_point(std::chrono::hours(1));
    monotonic_clock const clock = [&now] { return now; };
    auto const bookings = make_booking_store<memory_booking_store>();
    auto const flights = make_flight_store<memory_flight_store>();
    auto const cache = make_cache<memory_cache>(memory_cache::options{.now = clock, .seed = seed});
    auto const locks = make_lock_manager<no_locks>();
    booking_service changes(*bookings, *flights, *cache, *locks, cargo_system::system_time,
                            {.cache_ttl = ttl, .steady = clock});
    tracking_service tracking(*bookings, *cache, ttl);

    std::vector<booking_ref> refs;
    while (refs.size() < bookings_a_day) {
        for (auto const& made : changes.run(std::vector<booking_request>(1'000, a_request())))
            refs.push_back(made.value().terms.ref);
    }
    plan day(exponent);
    auto const pause = std::chrono::nanoseconds(std::chrono::hours(24)) / day.size();
    for (std::size_t i = 0; i < day.size(); ++i, now += pause) {
        auto const step = day.next();
        auto const& ref = refs[step.booking];
        if (step.what == kind::read) {
            if (auto const b = tracking.find({&ref, 1}); !b[0]) stop_at(b[0].error());
        } else if (step.what == kind::history) {
            if (auto const h = tracking.history({&ref, 1}); !h[0]) stop_at(h[0].error());
        } else {
            booking_request const act = act_request{.ref = ref, .act = step.act};
            if (auto const b = changes.run({&act, 1}); !b[0]) stop_at(b[0].error());
        }
    }
    report(tracking.counts());
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        std::string_view const mode = argc > 1 ? argv[1] : "";
        if (mode == "real" && argc == 4) return run_real(argv[2], argv[3]);
        if (mode == "virtual" && argc >= 3)
            return run_virtual(std::chrono::seconds(std::stoi(argv[2])),
                               argc > 3 ? std::stod(argv[3]) : 1.0);
        return 2;
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
