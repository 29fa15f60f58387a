#include "support/cache_words.hpp"
#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include <aircargo/cache/redis.hpp>
#include <aircargo/lock/redis.hpp>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;

/// Before each pipeline the server forgets all scripts.
class forgetful_node final : public redis_node {
public:
    explicit forgetful_node(std::shared_ptr<redis_node> node) : node_(std::move(node)) {}

    std::unique_ptr<exchange> start(std::vector<redis_command> commands) override
    {
        if (!commands.empty() && commands.front().front() == "EVALSHA")
            (void)node_->run({{"SCRIPT", "FLUSH"}});
        return node_->start(std::move(commands));
    }
    redis_state state() const override { return node_->state(); }

private:
    std::shared_ptr<redis_node> node_;
};

class redis_scripts : public ::testing::Test, protected cache_words {
protected:
    redis_scripts()
    {
        use(cache);
        (void)get("opens the generation");
        (void)server.ask({"DEL", "aircargo:cache:quarantine"});
    }

    private_redis& server = shared_redis();
    std::shared_ptr<redis_node> node =
        std::make_shared<forgetful_node>(open_redis(server.url()).value());
    redis_cache cache{node};
};

TEST_F(redis_scripts, are_sent_again_to_a_cache_that_forgot_them)
{
    filled("a", "1", 1);
    EXPECT_EQ(value("a"), "1");
    EXPECT_TRUE(tell("a", 2));
    EXPECT_EQ(value("a"), "-");
    auto const held = hold("a").value();
    EXPECT_EQ(code_of(hold("a")), errc::lock_busy);
    EXPECT_EQ(settle(held, "a", "3", 3), hold_end::in_time);
    EXPECT_EQ(settle(held), hold_end::late);
    EXPECT_EQ(value("a"), "3");
}

TEST_F(redis_scripts, are_sent_again_once_for_each_of_a_batch)
{
    auto const holds = hold_all({{"g:a", {"a"}}, {"g:b", {"b"}}, {"g:a", {"a"}}});
    EXPECT_EQ(code_of(holds[0]), accepted);
    EXPECT_EQ(code_of(holds[1]), accepted);
    EXPECT_EQ(code_of(holds[2]), errc::lock_busy);
    for (auto const& answer : get_all({"a", "b", "c"})) EXPECT_EQ(answer.value, std::nullopt);
}

TEST_F(redis_scripts, are_sent_again_to_locks_that_forgot_them)
{
    redis_lock_manager locks({node, node, node});
    for (int i = 0; i < 3; ++i) {
        auto const taken = redis_lock_manager({node}).acquire(strings{"n"}, 10s).front();
        ASSERT_EQ(code_of(taken), accepted) << i;
        redis_lock_manager({node}).release(std::vector{*taken});
    }
}

TEST_F(redis_scripts, are_known_to_a_server_that_was_told_once)
{
    redis_cache steady(open_redis(server.url()).value());
    use(steady);
    settle(hold("a").value());
    auto const calls_of = [&](std::string const& command) {
        auto const stats = server.ask({"INFO", "commandstats"}).text;
        auto const at = stats.find("cmdstat_" + command + ":calls=");
        return at == std::string::npos ? 0 : std::stoi(stats.substr(stats.find('=', at) + 1));
    };
    auto const before = calls_of("eval");
    for (int i = 0; i < 5; ++i) settle(hold("a").value());
    EXPECT_EQ(calls_of("eval"), before);
    EXPECT_GE(calls_of("evalsha"), 10);
}

}  // namespace
}  // namespace aircargo::test
