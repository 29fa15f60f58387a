#pragma once

#include <aircargo/core/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo {

/// A command and its arguments, any bytes each.
using redis_command = std::vector<std::string>;

struct redis_reply {
    enum class kind : std::uint8_t { nil, integer, text, list, error };

    kind is = kind::nil;
    std::int64_t number = 0;         ///< of an integer
    std::string text;                ///< of a text (also a status such as OK) or an error
    std::vector<redis_reply> items;  ///< of a list
};

/// The answers to a pipeline, one a command, and who gave them.
struct redis_answers {
    std::vector<redis_reply> replies;
    /// What the server calls its present run. Another one than last time: it was started anew, or
    /// another server took its place, and what it holds is not what it held.
    std::string run_id;
};

/// How a node is doing, counted since it was opened.
struct redis_state {
    bool up = false;                        ///< whether the last exchange succeeded
    std::uint64_t failures = 0;             ///< exchanges that failed, not those refused while down
    std::uint64_t connects = 0;             ///< connections made
    std::chrono::milliseconds degraded{0};  ///< time spent down, the present outage included
};

/// One Redis server. Sends pipelines, several at a time; thread-safe.
///
/// Once an exchange has failed, further ones fail at once until a connection could be made again in
/// the background, so that only the first caller waits for an outage to show.
class redis_node {
public:
    /// A pipeline that was sent.
    class exchange {
    public:
        virtual ~exchange() = default;
        /// Waits for the answers to all commands. A command that the server refuses is a reply of
        /// the kind `error`. `backend_down` when the answers did not come in time: then each of the
        /// commands may or may not have been executed. Called once.
        [[nodiscard]] virtual result<redis_answers> finish() = 0;
    };

    virtual ~redis_node() = default;

    /// Sends `commands` as one pipeline and does not wait for the answers, so that several nodes
    /// can be asked at the same time. Never fails; the exchange tells.
    [[nodiscard]] virtual std::unique_ptr<exchange> start(std::vector<redis_command> commands) = 0;

    [[nodiscard]] virtual redis_state state() const = 0;

    /// One round trip.
    [[nodiscard]] result<redis_answers> run(std::vector<redis_command> commands)
    {
        return start(std::move(commands))->finish();
    }
};

struct redis_options {
    std::chrono::milliseconds connect_timeout{500};
    std::chrono::milliseconds command_timeout{500};  ///< of a whole pipeline
    std::size_t connections = 8;                     ///< kept open at most
    std::chrono::milliseconds first_backoff{20};     ///< between attempts to connect again, doubled
    std::chrono::milliseconds longest_backoff{500};  ///< up to this; both spread by chance
};

/// `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]` or
/// `unix://[USER:PASSWORD@]/PATH[?db=DATABASE]`. Connects on a thread of its own; a node that can
/// not be reached is one that is down. \return the node, or `invalid_request` with a sentence that
/// shows no password
[[nodiscard]] result<std::shared_ptr<redis_node>> open_redis(std::string_view url,
                                                             redis_options options = {});

}  // namespace aircargo
