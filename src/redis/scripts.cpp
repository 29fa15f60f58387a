#include "redis/scripts.hpp"
#include <openssl/evp.h>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace aircargo::detail {
namespace {

[[nodiscard]] std::string sha1_of(std::string_view text)
{
    constexpr std::string_view hex = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha1(), nullptr);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += hex[bytes.at(i) >> 4U];
        out += hex[bytes.at(i) & 15U];
    }
    return out;
}

[[nodiscard]] redis_command command_of(script_call const& call, bool with_text)
{
    redis_command command{with_text ? "EVAL" : "EVALSHA",
                          with_text ? call.script->text : call.script->sha,
                          std::to_string(call.keys.size())};
    command.insert(command.end(), call.keys.begin(), call.keys.end());
    command.insert(command.end(), call.arguments.begin(), call.arguments.end());
    return command;
}

[[nodiscard]] bool is_unknown_script(redis_reply const& reply)
{
    return reply.is == redis_reply::kind::error && reply.text.starts_with("NOSCRIPT");
}

}  // namespace

redis_script::redis_script(std::string source) : text(std::move(source)), sha(sha1_of(text)) {}

std::vector<redis_command> by_sha(std::vector<script_call> const& calls)
{
    std::vector<redis_command> commands;
    commands.reserve(calls.size());
    for (auto const& call : calls) commands.push_back(command_of(call, false));
    return commands;
}

result<redis_answers> with_texts(redis_node& node, std::vector<script_call> const& calls,
                                 result<redis_answers> answers)
{
    if (answers.has_error()) return answers;
    std::vector<std::size_t> unknown;
    std::vector<redis_command> again;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!is_unknown_script(answers->replies[i])) continue;
        unknown.push_back(i);
        again.push_back(command_of(calls[i], true));
    }
    if (again.empty()) return answers;
    auto second = node.run(std::move(again));
    if (second.has_error()) return second;
    for (std::size_t k = 0; k < unknown.size(); ++k)
        answers->replies[unknown[k]] = std::move(second->replies[k]);
    // A server that was replaced in between has executed but a part.
    if (second->run_id != answers->run_id) answers->run_id.clear();
    return answers;
}

result<redis_answers> run_scripts(redis_node& node, std::vector<script_call> const& calls)
{
    auto answers = node.run(by_sha(calls));
    return with_texts(node, calls, std::move(answers));
}

}  // namespace aircargo::detail
