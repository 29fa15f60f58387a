#include "redis/pool.hpp"
#include "redis/url.hpp"
#include <aircargo/redis/node.hpp>
#include <utility>

namespace aircargo {
namespace {

using detail::redis_connection;
using detail::redis_pool;

/// A pipeline on a connection of its own until it is answered.
class sent_pipeline final : public redis_node::exchange {
public:
    sent_pipeline(std::shared_ptr<redis_pool> pool, std::unique_ptr<redis_connection> connection,
                  detail::deadline by)
        : pool_(std::move(pool)), connection_(std::move(connection)), by_(by)
    {}
    sent_pipeline(sent_pipeline const&) = delete;
    sent_pipeline& operator=(sent_pipeline const&) = delete;
    ~sent_pipeline() override = default;

    result<redis_answers> finish() override
    {
        auto replies = connection_->receive(by_);
        if (replies.has_error()) {
            connection_.reset();
            pool_->lost();
            return replies.error();
        }
        redis_answers answers{*std::move(replies), connection_->run_id()};
        pool_->give_back(std::move(connection_));
        return answers;
    }

private:
    std::shared_ptr<redis_pool> pool_;
    std::unique_ptr<redis_connection> connection_;
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
        auto connection = *std::move(taken);
        auto const by = std::chrono::steady_clock::now() + pool_->options().command_timeout;
        connection->send(commands);
        return std::make_unique<sent_pipeline>(pool_, std::move(connection), by);
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
    auto pool = std::make_shared<redis_pool>(*std::move(parsed), options);
    return std::shared_ptr<redis_node>(std::make_shared<server_node>(std::move(pool)));
}

}  // namespace aircargo
