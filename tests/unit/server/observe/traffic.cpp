#include "observe/traffic.hpp"
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;

TEST(traffic, a_latency_falls_into_the_first_class_that_holds_it)
{
    latency_histogram h;
    for (auto const took : std::vector<std::chrono::nanoseconds>{0ns, 100us, 100us + 1ns, 10s, 11s})
        h.add(took);

    EXPECT_EQ(h.counts.front(), 2U);  // a bound belongs to its class
    EXPECT_EQ(h.counts[1], 1U);
    EXPECT_EQ(h.counts[h.bounds.size() - 1], 1U);
    EXPECT_EQ(h.counts.back(), 1U);
    EXPECT_EQ(h.sum, 21s + 200us + 1ns);
}

TEST(traffic, sums_what_several_threads_counted)
{
    traffic_counter one;
    traffic_counter other;
    one.count(1, 200, "", 1ms);
    one.count(3, 404, "not_found", 1ms);
    other.count(3, 404, "not_found", 2ms);
    other.count(0, 999, "odd", 1ms);

    traffic sum;
    sum += one.counts();
    sum += other.counts();
    ASSERT_EQ(sum.routes.size(), 4U);
    EXPECT_EQ(sum.routes[1].by_class[1], 1U);
    EXPECT_EQ(sum.routes[3].by_class[3], 2U);
    EXPECT_EQ(sum.routes[3].latency.sum, 3ms);
    EXPECT_EQ(sum.routes[0].by_class[4], 1U);
    EXPECT_EQ(sum.errors.at("not_found"), 2U);
}

TEST(traffic, may_be_looked_at_while_it_is_counted)
{
    constexpr std::uint64_t answers = 100'000;
    traffic_counter counter;
    std::thread busy([&] {
        for (std::uint64_t i = 0; i < answers; ++i) counter.count(i % 7, 200, "", 1ms);
    });
    std::uint64_t seen = 0;
    while (seen < answers) {
        std::uint64_t now = 0;
        for (auto const& r : counter.counts().routes) now += r.by_class[1];
        ASSERT_GE(now, seen);
        seen = now;
    }
    busy.join();
    EXPECT_EQ(seen, answers);
}

}  // namespace
}  // namespace aircargo::server
