#include "support/eventually.hpp"
#include "support/false_redis.hpp"
#include "support/fault_proxy.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include "support/reply_cutter.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/redis/node.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using kind = redis_reply::kind;

constexpr auto far_too_long = 5s;  // for what must not wait; a busy machine needs some of it

[[nodiscard]] std::shared_ptr<redis_node> node_at(std::string const& url,
                                                  redis_options const& options = {})
{
    return open_redis(url, options).value();
}

[[nodiscard]] result<redis_answers> run(redis_node& node, redis_command command)
{
    return node.run({std::move(command)});
}
[[nodiscard]] std::string first_text(result<redis_answers> const& answers)
{
    return answers ? answers->replies.front().text : detail_of(answers);
}
[[nodiscard]] bool answers(redis_node& node) { return first_text(run(node, {"PING"})) == "PONG"; }

template <class Call>
[[nodiscard]] clock::duration time_of(Call call)
{
    auto const began = clock::now();
    call();
    return clock::now() - began;
}

/// The quickest of many, since others use the machine too.
[[nodiscard]] clock::duration quickest_call(redis_node& node)
{
    auto quickest = clock::duration::max();
    for (int i = 0; i < 50; ++i)
        quickest = std::min(quickest, time_of([&] { EXPECT_FALSE(answers(node)); }));
    return quickest;
}

class redis_node_contract : public ::testing::Test {
protected:
    [[nodiscard]] std::string url_by_proxy() const
    {
        return "redis://127.0.0.1:" + std::to_string(proxy.port());
    }

    private_redis server;
    std::atomic<std::ptrdiff_t> left = -1;  // of what the proxy passes; -1 for all
    fault_proxy proxy{server.port(), [this] { return std::make_unique<reply_cutter>(left); }};
    std::shared_ptr<redis_node> node =
        node_at(url_by_proxy(), {.connect_timeout = 1s, .command_timeout = 300ms});
    std::shared_ptr<redis_node> direct =
        node_at(server.url(), {.connect_timeout = 1s, .command_timeout = 300ms});
};

// ------------------------------------------------------------------------------------ answers

TEST_F(redis_node_contract, tells_each_kind_of_answer)
{
    auto const got = direct
                         ->run({{"SET", "a", std::string("\0\r\n\xFF", 4)},
                                {"GET", "a"},
                                {"GET", "b"},
                                {"STRLEN", "a"},
                                {"LPUSH", "a", "x"},
                                {"MGET", "a", "b"}})
                         .value();
    ASSERT_EQ(got.replies.size(), 6U);
    EXPECT_EQ(got.replies[0].text, "OK");
    EXPECT_EQ(got.replies[1].text, std::string("\0\r\n\xFF", 4));
    EXPECT_EQ(got.replies[2].is, kind::nil);
    EXPECT_EQ(got.replies[3].is, kind::integer);
    EXPECT_EQ(got.replies[3].number, 4);
    EXPECT_EQ(got.replies[4].is, kind::error);
    EXPECT_EQ(got.replies[5].is, kind::list);
    EXPECT_EQ(got.replies[5].items.size(), 2U);
    EXPECT_EQ(got.run_id.size(), 40U);
    EXPECT_TRUE(direct->run({}).value().replies.empty());
}

TEST_F(redis_node_contract, carries_a_pipeline_of_ten_megabytes_both_ways)
{
    node = node_at(url_by_proxy(), {.command_timeout = 20s});
    std::vector<redis_command> commands;
    for (int i = 0; i < 10; ++i) {
        auto const key = std::to_string(i);
        commands.push_back({"SET", key, std::string(1 << 20, static_cast<char>('a' + i))});
        commands.push_back({"GET", key});
    }
    auto const got = node->run(std::move(commands)).value();
    ASSERT_EQ(got.replies.size(), 20U);
    for (std::size_t i = 0; i < 10; ++i)
        EXPECT_TRUE(got.replies[2 * i + 1].text == std::string(1 << 20, "abcdefghij"[i])) << i;
}

TEST_F(redis_node_contract, serves_64_threads)
{
    direct = node_at(server.url(), {.connect_timeout = 20s, .command_timeout = 20s});
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 64; ++t) {
        threads.emplace_back([&, me = std::to_string(t)] {
            for (int i = 0; i < 20; ++i)
                if (first_text(run(*direct, {"ECHO", me})) != me) ++wrong;
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(direct->state().failures, 0U);
}

TEST_F(redis_node_contract, forgets_an_exchange_that_nobody_finishes)
{
    ASSERT_TRUE(answers(*direct));
    (void)direct->start({{"SET", "a", "1"}, {"GET", "a"}});
    EXPECT_EQ(first_text(run(*direct, {"ECHO", "mine"})), "mine");
    EXPECT_EQ(direct->state().failures, 0U);
}

TEST_F(redis_node_contract, takes_no_answer_that_was_not_asked_for)
{
    false_redis const chatty(":1\r\n:2\r\n");
    auto const misled = node_at(chatty.url());
    for (int i = 0; i < 10; ++i) EXPECT_EQ(run(*misled, {"PING"})->replies.front().number, 1);
}

// ------------------------------------------------------------------------------------ outages

TEST_F(redis_node_contract, knows_nothing_when_it_is_cut_in_the_middle_of_an_answer)
{
    ASSERT_EQ(first_text(run(*node, {"SET", "a", std::string(100'000, 'x')})), "OK");
    for (std::ptrdiff_t const after : {1, 8, 1'000, 90'000}) {
        left = after;
        EXPECT_EQ(code_of(node->run({{"GET", "a"}, {"GET", "a"}})), errc::backend_down);
        left = -1;
        ASSERT_TRUE(eventually([&] { return answers(*node); }));
    }
    EXPECT_EQ(node->state().failures, 4U);
}

TEST_F(redis_node_contract, waits_for_silence_once_and_no_longer_than_allowed)
{
    ASSERT_TRUE(answers(*node));
    proxy.stall(true);
    auto const first = time_of([&] { EXPECT_FALSE(answers(*node)); });
    EXPECT_GE(first, 290ms);
    EXPECT_LT(first, far_too_long);
    EXPECT_LT(quickest_call(*node), 1ms);
    proxy.stall(false);
    EXPECT_TRUE(eventually([&] { return answers(*node); }));
}

TEST_F(redis_node_contract, waits_for_a_silent_greeting_no_longer_than_allowed)
{
    proxy.stall(true);
    node = node_at(url_by_proxy(), {.connect_timeout = 1s, .command_timeout = 300ms});
    auto const first = time_of([&] { EXPECT_FALSE(answers(*node)); });
    EXPECT_GE(first, 990ms);
    EXPECT_LT(first, far_too_long);
}

TEST_F(redis_node_contract, has_one_deadline_however_slowly_the_answer_drips)
{
    false_redis const dripping("$10000\r\n" + std::string(10'000, 'x') + "\r\n", 5ms);
    auto const slow = node_at(dripping.url(), {.command_timeout = 300ms});
    EXPECT_LT(time_of([&] { EXPECT_FALSE(answers(*slow)); }), far_too_long);
}

TEST_F(redis_node_contract, hears_what_has_come_though_it_is_asked_for_after_the_deadline)
{
    ASSERT_TRUE(answers(*node) && answers(*direct));
    proxy.stall(true);
    auto const silent = node->start({{"PING"}});
    auto const quick = direct->start({{"PING"}});
    EXPECT_EQ(code_of(silent->finish()), errc::backend_down);  // waits until it is late for both
    EXPECT_EQ(first_text(quick->finish()), "PONG");
}

TEST_F(redis_node_contract, notices_a_reset_at_once)
{
    node = node_at(url_by_proxy(), {.command_timeout = 60s});
    ASSERT_TRUE(answers(*node));
    auto const waiting = node->start({{"BLPOP", "nothing", "0"}});
    proxy.cut_all();
    EXPECT_LT(time_of([&] { EXPECT_EQ(code_of(waiting->finish()), errc::backend_down); }),
              far_too_long);
}

TEST_F(redis_node_contract, costs_nobody_an_error_when_idle_connections_are_reset)
{
    ASSERT_TRUE(answers(*node));
    proxy.cut_all();
    EXPECT_TRUE(answers(*node));
    EXPECT_EQ(node->state().failures, 0U);
}

TEST_F(redis_node_contract, fails_at_once_while_the_server_is_dead_and_comes_back_by_itself)
{
    ASSERT_TRUE(answers(*direct));
    server.kill();
    EXPECT_FALSE(answers(*direct));
    EXPECT_LT(quickest_call(*direct), 1ms);
    EXPECT_FALSE(direct->state().up);

    server.start();
    auto const back = time_of([&] { EXPECT_TRUE(eventually([&] { return direct->state().up; })); });
    EXPECT_LT(back, 2s) << "nobody has called";
    EXPECT_TRUE(answers(*direct));
}

TEST_F(redis_node_contract, costs_nobody_an_error_when_it_is_restarted_while_idle)
{
    auto const before = run(*direct, {"PING"}).value().run_id;
    server.kill();
    server.start();
    auto const after = run(*direct, {"PING"});
    ASSERT_TRUE(after.has_value());
    EXPECT_NE(after->run_id, before);
    EXPECT_EQ(direct->state().failures, 0U);
    EXPECT_EQ(direct->state().connects, 2U);
}

TEST_F(redis_node_contract, waits_for_a_frozen_server_once)
{
    ASSERT_TRUE(answers(*direct));
    server.pause();
    EXPECT_LT(time_of([&] { EXPECT_FALSE(answers(*direct)); }), far_too_long);
    EXPECT_LT(quickest_call(*direct), 1ms);
    server.resume();
    EXPECT_TRUE(eventually([&] { return answers(*direct); }));
}

TEST_F(redis_node_contract, is_not_taken_down_by_those_who_were_lost_in_an_outage_that_is_over)
{
    ASSERT_TRUE(answers(*node));
    auto const late = node->start({{"BLPOP", "nothing", "0"}});
    auto const first = node->start({{"BLPOP", "nothing", "0"}});
    proxy.cut_all();
    EXPECT_EQ(code_of(first->finish()), errc::backend_down);
    ASSERT_TRUE(eventually([&] { return answers(*node); }));

    EXPECT_EQ(code_of(late->finish()), errc::backend_down);
    EXPECT_TRUE(node->state().up);
    EXPECT_TRUE(answers(*node));
    EXPECT_EQ(node->state().failures, 2U);
}

TEST_F(redis_node_contract, is_not_waited_for_when_it_is_given_up_while_down)
{
    proxy.stall(true);
    node = node_at(url_by_proxy(), {.connect_timeout = 60s, .command_timeout = 1ms});
    proxy.stall(false);
    ASSERT_TRUE(eventually([&] { return answers(*node); }));
    proxy.stall(true);
    ASSERT_FALSE(answers(*node));
    auto const before = proxy.connections();
    ASSERT_TRUE(eventually([&] { return proxy.connections() > before; })) << "it tries again";
    EXPECT_LT(time_of([&] { node.reset(); }), far_too_long);
}

TEST_F(redis_node_contract, counts)
{
    ASSERT_TRUE(answers(*direct));
    EXPECT_TRUE(direct->state().up);
    EXPECT_EQ(direct->state().connects, 1U);
    EXPECT_EQ(direct->state().degraded, 0ms);

    server.kill();
    EXPECT_FALSE(answers(*direct));
    EXPECT_EQ(direct->state().failures, 1U);
    EXPECT_FALSE(answers(*direct));
    EXPECT_EQ(direct->state().failures, 1U) << "nobody has asked the server again";
    EXPECT_TRUE(eventually([&] { return direct->state().degraded > 20ms; }));

    server.start();
    EXPECT_TRUE(eventually([&] { return direct->state().up; }));
    EXPECT_EQ(direct->state().connects, 2U);
    auto const degraded = direct->state().degraded;
    EXPECT_GT(degraded, 20ms);
    EXPECT_TRUE(answers(*direct));
    EXPECT_EQ(direct->state().degraded, degraded);
}

// ------------------------------------------------------------------------------ who and where

[[nodiscard]] std::string url_as(private_redis const& server, std::string const& credentials,
                                 std::string const& database = {})
{
    return "redis://" + credentials + "@127.0.0.1:" + std::to_string(server.port()) + database;
}

TEST(redis_node_greeting, names_the_password)
{
    private_redis const server({"--requirepass", "s3cr@t/"});
    EXPECT_TRUE(answers(*node_at(url_as(server, ":s3cr%40t%2F"))));
    EXPECT_TRUE(answers(*node_at(url_as(server, "default:s3cr@t/"))));
    EXPECT_EQ(code_of(run(*node_at(server.url()), {"PING"})), errc::backend_down);
    auto const wrong = run(*node_at(url_as(server, ":wr0ng")), {"PING"});
    EXPECT_EQ(code_of(wrong), errc::backend_down);
    EXPECT_EQ(detail_of(wrong).find("wr0ng"), std::string::npos) << detail_of(wrong);
}

TEST(redis_node_greeting, shows_no_password_of_which_the_server_knows_nothing)
{
    private_redis const server({"--rename-command", "AUTH", ""});
    auto const refused = run(*node_at(url_as(server, "alice:s3cret")), {"PING"});
    EXPECT_EQ(code_of(refused), errc::backend_down);
    EXPECT_EQ(detail_of(refused).find("s3cret"), std::string::npos) << detail_of(refused);
}

TEST(redis_node_greeting, names_the_user)
{
    private_redis const server({"--user", "alice", "on", ">pw", "~*", "+@all"});
    auto const alice = node_at(url_as(server, "alice:pw"));
    EXPECT_EQ(first_text(run(*alice, {"ACL", "WHOAMI"})), "alice");
    EXPECT_EQ(code_of(run(*node_at(url_as(server, "bob:pw")), {"PING"})), errc::backend_down);
}

TEST(redis_node_greeting, says_what_a_user_lacks)
{
    private_redis const server({"--user", "alice", "on", ">pw", "~*", "+@all", "-info"});
    auto const refused = run(*node_at(url_as(server, "alice:pw")), {"PING"});
    EXPECT_EQ(code_of(refused), errc::backend_down);
    EXPECT_NE(detail_of(refused).find("info"), std::string::npos) << detail_of(refused);
}

TEST(redis_node_greeting, chooses_the_database)
{
    private_redis const server;
    auto const third = node_at(server.url() + "/3");
    ASSERT_EQ(first_text(run(*third, {"SET", "a", "1"})), "OK");
    EXPECT_EQ(first_text(run(*node_at(server.url()), {"GET", "a"})), "");
    EXPECT_EQ(first_text(run(*node_at(server.url() + "/3"), {"GET", "a"})), "1");
    EXPECT_EQ(code_of(run(*node_at(server.url() + "/99"), {"PING"})), errc::backend_down);
}

TEST(redis_node_greeting, goes_by_a_socket)
{
    temp_folder const folder;
    private_redis const server({"--unixsocket", folder / "redis.sock"});
    EXPECT_TRUE(answers(*node_at("unix://" + (folder / "redis.sock"))));
    EXPECT_EQ(
        first_text(run(*node_at("unix://" + (folder / "redis.sock") + "?db=2"), {"CLIENT", "LIST"}))
            .find("db=0"),
        std::string::npos);
    EXPECT_EQ(code_of(run(*node_at("unix://" + (folder / "nobody")), {"PING"})),
              errc::backend_down);
}

TEST(redis_node_greeting, takes_a_name_and_an_address_of_six)
{
    private_redis const server({"--bind", "127.0.0.1", "-::1"});
    auto const port = std::to_string(server.port());
    EXPECT_TRUE(answers(*node_at("redis://localhost:" + port)));
    descriptor const six(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    address.sin6_port = htons(server.port());
    if (connect(six.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        GTEST_SKIP() << "no IPv6 here";
    EXPECT_TRUE(answers(*node_at("redis://[::1]:" + port)));
}

TEST(redis_node_greeting, passes_a_replica_by)
{
    temp_folder const folder;
    private_redis server({"--dir", folder / ""});
    auto const node = node_at(server.url());
    ASSERT_TRUE(answers(*node));
    auto const follow = [&] {
        return run(*node_at(server.url()), {"REPLICAOF", "127.0.0.1", "1"});
    };
    ASSERT_EQ(first_text(follow()), "OK");

    auto const fresh = run(*node_at(server.url()), {"PING"});
    EXPECT_EQ(code_of(fresh), errc::backend_down);
    EXPECT_NE(detail_of(fresh).find("replica"), std::string::npos) << detail_of(fresh);

    EXPECT_EQ(code_of(run(*node, {"SET", "a", "1"})), errc::backend_down)
        << "a connection from before finds out when it writes";
    EXPECT_EQ(code_of(run(*node, {"PING"})), errc::backend_down);
}

TEST(redis_node_greeting, passes_a_server_by_that_loads_its_data)
{
    temp_folder const folder;
    private_redis server({"--dir", folder / "", "--enable-debug-command", "yes", "--key-load-delay",
                          "1000", "--loading-process-events-interval-bytes", "1024"});
    ASSERT_EQ(server.ask({"DEBUG", "POPULATE", "20000"}).text, "OK");
    ASSERT_EQ(server.ask({"SAVE"}).text, "OK");
    server.kill();
    server.start();
    auto const loading = run(*node_at(server.url()), {"PING"});
    EXPECT_EQ(code_of(loading), errc::backend_down);
    EXPECT_NE(detail_of(loading).find("loading"), std::string::npos) << detail_of(loading);
}

}  // namespace
}  // namespace aircargo::test
