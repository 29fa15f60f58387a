#include "redis/pool.hpp"
#include "redis/url.hpp"
#include <aircargo/redis/node.hpp>
#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

namespace aircargo {
namespace {

using detail::redis_pool;

/// It was the main server when we connected. Redis 6 tells of it within the message of a script.
[[nodiscard]] bool says_it_may_not_be_used(std::vector<redis_reply> const& replies)
{
    return std::any_of(replies.begin(), replies.end(), [](auto const& reply) {
        return reply.is == redis_reply::kind::error &&
               reply.text.find("READONLY ") != std::string_view::npos;
    });
}

/// A pipeline on a connection of its own until it is answered.
class sent_pipeline final : public redis_node::exchange {
public:
    sent_pipeline(std::shared_ptr<redis_pool> pool, redis_pool::loan taken, detail::deadline by)
        : pool_(std::move(pool)), taken_(std::move(taken)), by_(by)
    {}
    sent_pipeline(sent_pipeline const&) = delete;
    sent_pipeline& operator=(sent_pipeline const&) = delete;
    ~sent_pipeline() override = default;

    result<redis_answers> finish() override
    {
        auto replies = taken_.connection->receive(by_);
        if (replies.has_error()) {
            pool_->lost(std::move(taken_));
            return replies.error();
        }
        if (says_it_may_not_be_used(*replies)) {
            pool_->lost(std::move(taken_));
            return refuse(errc::backend_down, "Redis: it has become a replica");
        }
        redis_answers answers{*std::move(replies), taken_.connection->run_id()};
        pool_->give_back(std::move(taken_));
        return answers;
    }

private:
    std::shared_ptr<redis_pool> pool_;
    redis_pool::loan taken_;
    detail::deadline by_;
};

/// What could not be sent.
class unsent_pipeline final : public redis_node::exchange {
public:
    explicit unsent_pipeline(error why) : why_(std::move(why)) {}
    result<redis_answers> finish() override { return why_; }

private:
    error why_;
};

class server_node final : public redis_node {
public:
    explicit server_node(std::shared_ptr<redis_pool> pool) : pool_(std::move(pool)) {}

    std::unique_ptr<exchange> start(std::vector<redis_command> commands) override
    {
        auto taken = pool_->take();
        if (taken.has_error()) return std::make_unique<unsent_pipeline>(taken.error());
        auto const by = std::chrono::steady_clock::now() + pool_->options().command_timeout;
        taken->connection->send(commands);
        return std::make_unique<sent_pipeline>(pool_, *std::move(taken), by);
    }

    redis_state state() const override { return pool_->state(); }

private:
    std::shared_ptr<redis_pool> pool_;
};

}  // namespace

result<std::shared_ptr<redis_node>> open_redis(std::string_view url, redis_options options)
{
    auto parsed = detail::parse_redis_url(url);
    if (parsed.has_error()) return parsed.error();
    try {
        auto pool = std::make_shared<redis_pool>(*std::move(parsed), options);
        return std::shared_ptr<redis_node>(std::make_shared<server_node>(std::move(pool)));
    } catch (std::system_error const& no_thread) {
        return refuse(errc::backend_down, std::string("no thread for Redis: ") + no_thread.what());
    }
}

}  // namespace aircargo
