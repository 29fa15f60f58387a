#include "redis/replies.hpp"
#include "redis/scripts.hpp"
#include <aircargo/core/assert.hpp>
#include <aircargo/lock/redis.hpp>
#include <utility>

namespace aircargo {
namespace {

using exchanges = std::vector<std::unique_ptr<redis_node::exchange>>;

// KEYS: name. ARGV: owner. Answers whether it was released.
detail::redis_script const release_script(R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
)");

[[nodiscard]] std::vector<detail::script_call> releases_of(std::span<lease const> leases)
{
    std::vector<detail::script_call> calls;
    calls.reserve(leases.size());
    for (auto const& l : leases)
        calls.push_back({&release_script, {l.name}, {std::to_string(l.owner)}});
    return calls;
}

}  // namespace

/// What the servers said to one name.
struct redis_lock_manager::vote {
    std::size_t granted = 0;
    std::size_t held = 0;  // by somebody else
};

redis_lock_manager::redis_lock_manager(std::vector<std::shared_ptr<redis_node>> nodes,
                                       redis_lock_options options)
    : nodes_(std::move(nodes)), options_(std::move(options)), random_(options_.seed)
{
    AIRCARGO_ASSERT(!nodes_.empty());
}

std::uint64_t redis_lock_manager::draw_owner()
{
    std::scoped_lock const lock(mutex_);
    return random_() | 1U;  // never 0
}

std::vector<result<lease>> redis_lock_manager::acquire(std::span<std::string const> names,
                                                       std::chrono::milliseconds ttl)
{
    if (names.empty()) return {};
    auto const until = options_.now() + ttl - detail::drift(ttl);
    std::vector<std::uint64_t> owners;
    for (std::size_t i = 0; i < names.size(); ++i) owners.push_back(draw_owner());
    auto const votes = ask_all(names, owners, ttl);

    auto const quorum = nodes_.size() / 2 + 1;
    bool const in_time = options_.now() < until;
    std::vector<result<lease>> out;
    std::vector<lease> in_vain;
    for (std::size_t i = 0; i < names.size(); ++i) {
        lease const wanted{names[i], owners[i], until};
        auto const& v = votes[i];
        bool const granted = v.granted >= quorum;
        if (granted && in_time) {
            out.emplace_back(wanted);
            continue;
        }
        // Given too late is given by servers that are too slow: nobody else has it.
        bool const busy = !granted && v.granted + v.held >= quorum;
        out.emplace_back(busy ? lock_is_busy(names[i]) : detail::locks_unreachable());
        // One server alone has nothing to give back, unless its answer was lost or late.
        if (nodes_.size() > 1 || v.held == 0) in_vain.push_back(wanted);
    }
    release(in_vain);
    return out;
}

/// A server that can not be reached says nothing to any name.
std::vector<redis_lock_manager::vote> redis_lock_manager::ask_all(
    std::span<std::string const> names, std::span<std::uint64_t const> owners,
    std::chrono::milliseconds ttl)
{
    std::vector<redis_command> commands;
    for (std::size_t i = 0; i < names.size(); ++i) {
        commands.push_back(
            {"SET", names[i], std::to_string(owners[i]), "NX", "PX", detail::ms(ttl)});
    }
    exchanges sent;
    for (auto const& node : nodes_) sent.push_back(node->start(commands));

    std::vector<vote> votes(names.size());
    for (auto const& exchange : sent) {
        auto const answers = exchange->finish();
        if (!answers) continue;
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto const& reply = answers->replies[i];
            if (reply.is == redis_reply::kind::text) ++votes[i].granted;
            if (reply.is == redis_reply::kind::nil) ++votes[i].held;
        }
    }
    return votes;
}

void redis_lock_manager::release(std::span<lease const> leases)
{
    if (leases.empty()) return;
    auto const calls = releases_of(leases);
    auto const commands = detail::by_sha(calls);
    exchanges sent;
    for (auto const& node : nodes_) sent.push_back(node->start(commands));
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        (void)detail::with_texts(*nodes_[i], calls, sent[i]->finish());
}

}  // namespace aircargo
