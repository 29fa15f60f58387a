#pragma once

#include "redis/url.hpp"
#include <aircargo/redis/node.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

struct redisContext;

namespace aircargo::detail {

using deadline = std::chrono::steady_clock::time_point;

/// A connection that was greeted and has answered. After an error it is of no more use: what comes
/// next on it may be the answer to something else. Not for several threads at a time.
class redis_connection {
public:
    /// Connects, names the user and chooses the database. A server that still loads its data, or
    /// that only follows another one, is `backend_down` too. \param give_up a descriptor; once it
    /// can be read the attempt ends
    [[nodiscard]] static result<std::unique_ptr<redis_connection>> open(
        redis_url const& url, redis_options const& options, int give_up = -1);

    /// What the server calls its present run.
    [[nodiscard]] std::string const& run_id() const noexcept { return run_id_; }

    /// Whether it was closed, or says something unasked, while nobody used it.
    [[nodiscard]] bool is_stale() const;

    /// Hands a pipeline to the kernel, as much of it as it takes; the rest goes with `receive`.
    void send(std::span<redis_command const> commands);
    /// The answers to what was sent, all of them by then.
    [[nodiscard]] result<std::vector<redis_reply>> receive(deadline by);

private:
    struct free_context {
        void operator()(redisContext* c) const noexcept;
    };

    redis_connection(redisContext* c, int give_up) : context_(c), give_up_(give_up) {}

    [[nodiscard]] result<void> greet(redis_url const& url, deadline by);
    [[nodiscard]] result<void> read_info(std::string const& text);
    [[nodiscard]] result<void> write_some();
    [[nodiscard]] result<void> read_some();
    [[nodiscard]] result<void> wait(deadline by) const;
    [[nodiscard]] result<bool> take_reply(redis_reply& into);

    std::unique_ptr<redisContext, free_context> context_;
    int give_up_;  // -1 once it is open
    std::string run_id_;
    std::string unsent_;
    std::size_t sent_ = 0;      // bytes of unsent_
    std::size_t expected_ = 0;  // replies
};

}  // namespace aircargo::detail
