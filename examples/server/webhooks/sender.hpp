#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace aircargo::server {

/// One request to a receiver.
struct webhook_message {
    std::string url;
    std::string secret;
    std::string id;  ///< the same each time it is sent, so that a receiver knows it again
    std::string body;
};

struct send_outcome {
    bool arrived = false;  ///< the receiver answered 2xx, whatever became of the rest of its answer
    unsigned status = 0;   ///< of its answer; 0: there was none
    std::string error{};   ///< unless it arrived: in a few words
    std::chrono::milliseconds took{};
    /// Whether this says anything about the receiver: not if nothing was sent, nor if this server
    /// stopped before the answer came.
    bool tried = true;
};

/// Sends messages to receivers, many at a time.
class webhook_sender {
public:
    virtual ~webhook_sender() = default;

    /// Sends it; `then` is called once, from any thread, also if the sender goes before. It must
    /// not block.
    virtual void send(webhook_message message, std::function<void(send_outcome)> then) = 0;
};

}  // namespace aircargo::server
