// What Redis costs beside what it replaces, in turns within one process, medians in us:
//   redis_round_trips REDIS_URL POSTGRES_URL [ROUNDS]
// A counting node tells how many pipelines 64 locks take.

#include <aircargo/cache/redis.hpp>
#include <aircargo/lock/redis.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/service/tracking_service.hpp>
#include <aircargo/store/postgres.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace aircargo;
using clock_type = std::chrono::steady_clock;

class counting_node final : public redis_node {
public:
    explicit counting_node(std::shared_ptr<redis_node> inner) : inner_(std::move(inner)) {}
    std::unique_ptr<exchange> start(std::vector<redis_command> commands) override
    {
        ++pipelines;
        return inner_->start(std::move(commands));
    }
    redis_state state() const override { return inner_->state(); }

    int pipelines = 0;

private:
    std::shared_ptr<redis_node> inner_;
};

struct measured {
    std::string name;
    std::function<void()> work;
    std::vector<double> us;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A cache past its quarantine, which a new server begins with.
void open_cache(redis_cache& cache, redis_node& node)
{
    (void)cache.get(std::vector<cache_key>{{"a", "b"}});
    (void)node.run({{"DEL", "aircargo:cache:quarantine"}}).value();
}

int run(std::string const& redis, std::string const& postgres, int rounds)
{
    constexpr std::size_t batch = 64;
    auto const node = std::make_shared<counting_node>(open_redis(redis).value());
    redis_cache cached(node);
    open_cache(cached, *node);
    auto const cache = make_cache<redis_cache>(node);
    redis_lock_manager locks({node});

    auto const db = postgres_database::open(postgres).value();
    auto const bookings = make_booking_store<postgres_booking_store>(db);
    auto const flights = make_flight_store<postgres_flight_store>(db);
    auto const none = make_cache<no_cache>();
    auto const no_lock = make_lock_manager<no_locks>();
    booking_service service(*bookings, *flights, *cache, *no_lock, [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    });
    std::vector<booking_request> const orders(
        batch, book_request{airport_code::parse("DEL").value(), airport_code::parse("BLR").value(),
                            3, weight::from_kg(120).value()});
    std::vector<booking_ref> refs;
    for (auto const& b : service.run(orders)) refs.push_back(b.value().terms.ref);
    tracking_service through_redis(*bookings, *cache);
    tracking_service from_postgres(*bookings, *none);
    (void)through_redis.find(refs);

    std::vector<std::string> names;
    std::vector<cache_key> keys;
    for (auto const& ref : refs) {
        names.push_back("lock:booking:" + ref.str());
        keys.push_back({"booking:" + ref.str(), "hold:booking:" + ref.str()});
    }
    auto const lock_all = [&] {
        std::vector<lease> held;
        for (auto& l : locks.acquire(names, std::chrono::seconds(10)))
            held.push_back(std::move(l).value());
        locks.release(held);
    };
    std::vector<measured> all{
        {"PING", [&] { (void)node->run({{"PING"}}).value(); }, {}},
        {"64 locks taken and released", lock_all, {}},
        {"64 GETs as a batch", [&] { (void)cached.get(keys); }, {}},
        {"64 GETs one by one",
         [&] {
             for (auto const& key : keys) (void)cached.get({&key, 1});
         },
         {}},
        {"hot read through Redis",
         [&] {
             (void)through_redis.find({refs.data(), 1});
         },
         {}},
        {"read from PostgreSQL",
         [&] {
             (void)from_postgres.find({refs.data(), 1});
         },
         {}},
        {"64 hot reads through Redis", [&] { (void)through_redis.find(refs); }, {}},
        {"64 reads from PostgreSQL", [&] { (void)from_postgres.find(refs); }, {}},
    };
    for (auto& m : all) m.work();
    for (int i = 0; i < rounds; ++i) {
        for (auto& m : all) {
            auto const began = clock_type::now();
            m.work();
            m.us.push_back(
                std::chrono::duration<double, std::micro>(clock_type::now() - began).count());
        }
    }
    node->pipelines = 0;
    lock_all();
    std::printf("pipelines for 64 locks taken and released: %d\n", node->pipelines);
    std::map<std::string, double> us;
    for (auto const& m : all) {
        us[m.name] = median(m.us);
        std::printf("%10.1f us  %s\n", us[m.name], m.name.c_str());
    }
    std::printf("%10.1f  times: 64 GETs one by one / as a batch\n",
                us["64 GETs one by one"] / us["64 GETs as a batch"]);
    std::printf("%10.2f  times: a read from PostgreSQL / through Redis\n",
                us["read from PostgreSQL"] / us["hot read through Redis"]);
    std::printf("%10.2f  times: 64 reads from PostgreSQL / through Redis\n",
                us["64 reads from PostgreSQL"] / us["64 hot reads through Redis"]);
    auto const counts = through_redis.counts();
    std::printf("(%llu hits, %llu misses)\n", static_cast<unsigned long long>(counts.hits),
                static_cast<unsigned long long>(counts.misses));
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        if (argc < 3) return 2;
        return run(argv[1], argv[2], argc > 3 ? std::atoi(argv[3]) : 2'000);
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
