#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include "support/rate_limits.hpp"
#include "support/seed.hpp"
#include <aircargo/limit/redis.hpp>
#include <gtest/gtest.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using detail::gcra::debt_end;

/// Debts of all sizes, many of them such that the request is only just allowed or only just refused
/// some microseconds later.
[[nodiscard]] debt_end any_debt(random_source& random, rate_limit const& limit, std::int64_t cost,
                                std::int64_t now)
{
    using namespace detail::gcra;
    auto const full = price(limit, limit.burst());
    auto debt = between<std::int64_t>(random, 0, full);
    if (chance(random, 0.5))
        debt = full - price(limit, cost) + between<std::int64_t>(random, 0, 500 * limit.count());
    auto until = end_of(debt, limit, now);
    if (chance(random, 0.1)) until.whole = now + between(random, -200, 200);
    if (chance(random, 0.1)) until.whole += 400 * 86'400'000'000;  // the clock was set back
    if (chance(random, 0.1)) until.count = until.count % rate_limit::most + 1;
    until.part %= until.count;
    return until;
}

/// Counts the pipelines that go to a node.
class counting_node final : public redis_node {
public:
    explicit counting_node(std::shared_ptr<redis_node> to) : to_(std::move(to)) {}

    std::unique_ptr<exchange> start(std::vector<redis_command> commands) override
    {
        ++pipelines;
        return to_->start(std::move(commands));
    }
    redis_state state() const override { return to_->state(); }

    int pipelines = 0;

private:
    std::shared_ptr<redis_node> to_;
};

/// What Redis keeps of a rate limiter's keys, and what the limiter makes of what Redis keeps.
class redis_rate_limits : public ::testing::Test {
protected:
    redis_reply run(redis_command command)
    {
        return node->run({std::move(command)}).value().replies.at(0);
    }
    /// The server's clock.
    std::int64_t now()
    {
        auto const time = run({"TIME"});
        return std::stoll(time.items.at(0).text) * 1'000'000 + std::stoll(time.items.at(1).text);
    }
    void plant(std::string const& key, debt_end const& until)
    {
        run({"SET", prefix + key,
             std::to_string(until.whole) + ' ' + std::to_string(until.part) + ' ' +
                 std::to_string(until.count)});
    }
    std::optional<debt_end> kept(std::string const& key)
    {
        auto const text = run({"GET", prefix + key}).text;
        if (text.empty()) return std::nullopt;
        debt_end until;
        auto const* const end = text.data() + text.size();
        auto const* at = std::from_chars(text.data(), end, until.whole).ptr;
        at = std::from_chars(at + 1, end, until.part).ptr;
        at = std::from_chars(at + 1, end, until.count).ptr;
        EXPECT_EQ(at, end) << text;
        return until;
    }
    result<rate_answer> ask(std::string const& key, rate_limit const& limit, std::int64_t cost = 1)
    {
        return limiter.check(std::vector{rate_request{key, limit, cost}}).front();
    }
    /// The time at which a request was answered, where it shows: with a debt, in a key that has not
    /// expired since.
    static std::optional<std::int64_t> time_of(rate_answer const& answer,
                                               std::optional<debt_end> const& after)
    {
        if (answer.reset_after == 0us || !after) return std::nullopt;
        return after->whole + (after->part > 0 ? 1 : 0) - answer.reset_after.count();
    }
    std::string const prefix = "rate:";
    std::shared_ptr<counting_node> node =
        std::make_shared<counting_node>(open_redis(shared_redis().url()).value());
    redis_rate_limiter limiter{node};
    rate_limit const seven_a_month = rate_limit::make(7, rate_limit::longest_period, 70).value();
};

/// Each request against the same debts, limits and costs in the arithmetic of `gcra::take`, at the
/// microsecond in which the server says that it was answered.
TEST_F(redis_rate_limits, are_counted_as_in_this_process)
{
    random_source random(printed_seed());
    int allowed = 0;
    int timed = 0;
    constexpr int requests = 5'000;
    for (int n = 0; n < requests; ++n) {
        auto const [t, limit] = any_limit(random);
        auto const cost = any_cost(random, t);
        auto const before = any_debt(random, limit, cost, now());
        plant("a", before);

        auto const earliest = now();
        auto const answer = ask("a", limit, cost).value();
        auto const latest = now();
        auto const after = kept("a");
        if (answer.allowed) ++allowed;
        auto const time = time_of(answer, after);
        if (!time) continue;
        ++timed;
        ASSERT_LE(earliest, *time);
        ASSERT_GE(latest, *time);
        auto expected = before;
        auto const came = detail::gcra::take(expected, limit, cost, *time);
        ASSERT_EQ(answer, detail::gcra::answer_of(came, limit, cost))
            << t.count << " in " << t.period << " us, burst " << t.burst << ", cost " << cost;
        if (after && *after != before) ASSERT_EQ(*after, expected);
    }
    EXPECT_GT(allowed, requests / 4);
    EXPECT_GT(requests - allowed, requests / 4);
    EXPECT_GT(timed, requests / 2);
}

TEST_F(redis_rate_limits, do_not_drift_where_a_unit_takes_no_whole_microseconds)
{
    auto const begin = [&] {
        EXPECT_TRUE(ask("a", seven_a_month)->allowed);
        return kept("a").value();
    }();
    for (int n = 1; n < 70; ++n) {
        ASSERT_TRUE(ask("a", seven_a_month)->allowed);
        auto const until = kept("a").value();
        ASSERT_EQ(until.count, 7);
        ASSERT_EQ((until.whole - begin.whole) * 7 + until.part - begin.part,
                  n * rate_limit::longest_period.count());
    }
    EXPECT_FALSE(ask("a", seven_a_month)->allowed);
}

TEST_F(redis_rate_limits, are_forgotten_when_nothing_is_owed_any_more)
{
    auto const limit = rate_limit::make(100, 1s, 10).value();
    EXPECT_TRUE(ask("a", limit, 10)->allowed);
    auto const left = run({"PTTL", prefix + "a"}).number;
    EXPECT_GT(left, 0);
    EXPECT_LE(left, 102);
    while (run({"EXISTS", prefix + "a"}).number != 0) std::this_thread::yield();
    EXPECT_EQ(ask("a", limit, 0), (rate_answer{true, 10, 0us, 0us}));
}

TEST_F(redis_rate_limits, live_in_redis_as_long_as_they_are_owed)
{
    EXPECT_TRUE(ask("a", seven_a_month, 70)->allowed);
    auto const end = kept("a").value().whole / 1000;
    auto const before = now() / 1000;
    auto const left = run({"PTTL", prefix + "a"}).number;
    EXPECT_GE(now() / 1000 + left + 1, end) << "PTTL rounds, and so did the line before";
    EXPECT_LE(before + left, end + 3);
}

TEST_F(redis_rate_limits, are_not_written_for_who_is_refused_or_only_asks)
{
    EXPECT_TRUE(ask("a", seven_a_month, 70)->allowed);
    auto const before = kept("a");
    EXPECT_FALSE(ask("a", seven_a_month)->allowed);
    EXPECT_EQ(ask("a", seven_a_month, 0)->remaining, 0);
    EXPECT_EQ(kept("a"), before);
    EXPECT_EQ(ask("b", seven_a_month, 0)->remaining, 70);
    EXPECT_FALSE(kept("b"));
}

TEST_F(redis_rate_limits, let_nobody_wait_longer_than_a_burst_when_the_clock_was_set_back)
{
    plant("a", {now() + 366 * 86'400'000'000, 0, 1});
    auto const limit = rate_limit::make(1, 50ms, 3).value();
    auto const refused = ask("a", limit).value();
    EXPECT_EQ(refused, (rate_answer{false, 0, 50ms, 150ms}));
    while (!ask("a", limit)->allowed) std::this_thread::yield();
}

TEST_F(redis_rate_limits, cost_one_round_trip_a_batch)
{
    (void)ask("a", seven_a_month);  // Redis may not know the script yet
    node->pipelines = 0;
    std::vector<rate_request> batch(64, {"b", seven_a_month});
    batch[7].cost = -1;
    auto const answers = limiter.check(batch);
    EXPECT_EQ(node->pipelines, 1);
    EXPECT_EQ(code_of(answers[7]), errc::invalid_request);
    EXPECT_EQ(answers[63]->remaining, 70 - 63);
    EXPECT_TRUE(limiter.check(std::vector{batch[7]}).front().has_error());
    EXPECT_EQ(node->pipelines, 1) << "there was nothing to ask";
}

TEST_F(redis_rate_limits, can_not_be_told_where_redis_can_not_be_reached)
{
    redis_rate_limiter nowhere(open_redis("unix:///nowhere/redis.sock").value());
    auto const answers =
        nowhere.check(std::vector<rate_request>{{"a", seven_a_month}, {"a", seven_a_month, 71}});
    EXPECT_EQ(code_of(answers[0]), errc::backend_down);
    EXPECT_EQ(code_of(answers[1]), errc::invalid_request);
}

TEST_F(redis_rate_limits, can_not_be_told_where_redis_keeps_something_else)
{
    run({"RPUSH", prefix + "a", "x"});
    EXPECT_EQ(code_of(ask("a", seven_a_month)), errc::backend_down);
    EXPECT_EQ(code_of(ask("b", seven_a_month)), accepted);
}

}  // namespace
}  // namespace aircargo::test
