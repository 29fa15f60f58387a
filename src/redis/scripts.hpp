#pragma once

#include <aircargo/redis/node.hpp>
#include <string>
#include <vector>

namespace aircargo::detail {

/// A Lua script, which Redis knows by its SHA-1 once it was sent.
struct redis_script {
    explicit redis_script(std::string source);

    std::string text;
    std::string sha;  ///< 40 hex digits
};

struct script_call {
    redis_script const* script;
    std::vector<std::string> keys;
    std::vector<std::string> arguments;
};

/// Runs the scripts as one pipeline; those that the server does not know are sent once more with
/// their text.
[[nodiscard]] result<redis_answers> run_scripts(redis_node& node,
                                                std::vector<script_call> const& calls);

/// The two steps of it, for asking several nodes at the same time.
[[nodiscard]] std::vector<redis_command> by_sha(std::vector<script_call> const& calls);
[[nodiscard]] result<redis_answers> with_texts(redis_node& node,
                                               std::vector<script_call> const& calls,
                                               result<redis_answers> answers);

}  // namespace aircargo::detail
