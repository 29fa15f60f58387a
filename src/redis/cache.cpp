#include "redis/cache_scripts.hpp"
#include "redis/replies.hpp"
#include <aircargo/cache/redis.hpp>
#include <aircargo/core/assert.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace aircargo {

using detail::drift;
using detail::is;
using detail::locks_unreachable;
using detail::ms;

namespace {

constexpr std::size_t digits = 16;  // of a generation, and of a revision in an entry
char const* const generation_key = "aircargo:cache";
char const* const quarantine_key = "aircargo:cache:quarantine";

[[nodiscard]] std::string hex(std::uint64_t number)
{
    std::array<char, digits> text{};
    auto const* const end = std::to_chars(text.data(), text.data() + digits, number, 16).ptr;
    auto const length = static_cast<std::size_t>(end - text.data());
    return std::string(digits - length, '0').append(text.data(), length);
}

[[nodiscard]] std::string token_key(std::string const& key) { return "fill:" + key; }

[[nodiscard]] bool says_lost(redis_answers const& answers)
{
    return std::any_of(answers.replies.begin(), answers.replies.end(),
                       [](auto const& reply) { return is(reply, -1); });
}

}  // namespace

struct redis_cache::generation {
    std::string text;  // the digits and the run
    std::string run;

    [[nodiscard]] std::string_view id() const { return std::string_view(text).substr(0, digits); }

    /// The value in an entry; nothing for one of another generation.
    [[nodiscard]] std::optional<std::string> value_of(redis_reply const& entry) const
    {
        if (entry.is != redis_reply::kind::text || entry.text.size() < 2 * digits ||
            !entry.text.starts_with(id())) {
            return std::nullopt;
        }
        return entry.text.substr(2 * digits);
    }
    [[nodiscard]] std::string entry_of(cache_entry const& e) const
    {
        return std::string(id()) + hex(static_cast<std::uint64_t>(e.revision)) + e.value;
    }
    /// Whether what the server says is about this generation.
    [[nodiscard]] bool is_of(redis_answers const& answers) const
    {
        return answers.run_id == run && !says_lost(answers);
    }
};

redis_cache::redis_cache(std::shared_ptr<redis_node> node, redis_cache_options options)
    : node_(std::move(node)), options_(std::move(options)), random_(options_.seed)
{}

std::uint64_t redis_cache::random()
{
    std::scoped_lock const lock(mutex_);
    return random_() | 1U;  // never 0
}

// ------------------------------------------------------------------------------ the generation

std::shared_ptr<redis_cache::generation const> redis_cache::present_generation()
{
    {
        std::scoped_lock const lock(mutex_);
        if (generation_) return generation_;
    }
    return open_generation();
}

/// Which run it is shows only with an answer, so an empty pipeline asks first.
std::shared_ptr<redis_cache::generation const> redis_cache::open_generation()
{
    auto const hello = node_->run({{"PING"}});
    if (!hello) return nullptr;
    auto const quarantine = options_.longest_hold + drift(options_.longest_hold) * 10;
    auto const opened =
        detail::run_scripts(*node_, {{&detail::cache_open,
                                      {generation_key, quarantine_key},
                                      {hello->run_id, hex(random()), ms(quarantine)}}});
    if (!opened || opened->run_id != hello->run_id) return nullptr;
    auto const& text = opened->replies.front();
    if (text.is != redis_reply::kind::text || text.text.size() < digits) return nullptr;
    auto made = std::make_shared<generation const>(generation{text.text, hello->run_id});
    std::scoped_lock const lock(mutex_);
    return generation_ = std::move(made);
}

void redis_cache::drop(std::shared_ptr<generation const> const& lost)
{
    std::scoped_lock const lock(mutex_);
    if (generation_ == lost) generation_.reset();
}

// ------------------------------------------------------------------------------------- readers

std::vector<cache_answer> redis_cache::get(std::span<cache_key const> keys)
{
    std::vector<cache_answer> answers(keys.size());
    auto const g = keys.empty() ? nullptr : present_generation();
    if (!g) return answers;
    redis_command read{"MGET"};
    for (auto const& key : keys) read.push_back(key.key);
    auto const found = node_->run({std::move(read)});
    if (!found) return answers;
    auto const& entries = found->replies.front().items;
    if (!g->is_of(*found) || entries.size() != keys.size()) {
        drop(g);
        return answers;
    }
    bool all = true;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        answers[i].value = g->value_of(entries[i]);
        all = all && answers[i].value;
    }
    if (!all && !take_tokens(*g, keys, answers)) drop(g);
    return answers;
}

/// For each key that has no value. \return false when the generation is lost
bool redis_cache::take_tokens(generation const& g, std::span<cache_key const> keys,
                              std::vector<cache_answer>& answers)
{
    std::vector<std::size_t> missing;
    std::vector<fill_token> tokens;
    std::vector<detail::script_call> calls;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (answers[i].value) continue;
        missing.push_back(i);
        tokens.push_back(random());
        auto const& [key, guard] = keys[i];
        calls.push_back({&detail::cache_token,
                         {generation_key, quarantine_key, key, token_key(key), guard},
                         {g.text, std::to_string(tokens.back()), ms(options_.token_ttl)}});
    }
    auto const given = detail::run_scripts(*node_, calls);
    if (!given) return true;
    if (!g.is_of(*given)) return false;
    for (std::size_t k = 0; k < missing.size(); ++k) {
        auto& answer = answers[missing[k]];
        answer.value = g.value_of(given->replies[k]);
        if (is(given->replies[k], 1)) answer.token = tokens[k];
    }
    return true;
}

bool redis_cache::fill(std::span<cache_entry const> entries)
{
    if (entries.empty()) return true;
    for (bool const with_tokens : {true, false}) {  // tokens are lost with their generation
        auto const g = present_generation();
        if (!g) return false;
        auto const told = fill_in(*g, entries, with_tokens);
        if (told != heard::lost) return told == heard::yes;
        drop(g);
    }
    return false;
}

redis_cache::heard redis_cache::fill_in(generation const& g, std::span<cache_entry const> entries,
                                        bool with_tokens)
{
    std::vector<detail::script_call> calls;
    calls.reserve(entries.size());
    for (auto const& e : entries) {
        auto const token = with_tokens ? e.token : 0;
        calls.push_back(
            {&detail::cache_fill,
             {generation_key, quarantine_key, e.key.key, token_key(e.key.key), e.key.guard},
             {g.text, std::to_string(token), std::to_string(e.revision),
              token != 0 ? g.entry_of(e) : std::string(), ms(detail::spread(e.ttl, random()))}});
    }
    auto const told = detail::run_scripts(*node_, calls);
    if (!told) return heard::no;
    if (!g.is_of(*told)) return heard::lost;
    bool const all = std::all_of(told->replies.begin(), told->replies.end(),
                                 [](auto const& r) { return r.is == redis_reply::kind::integer; });
    return all ? heard::yes : heard::no;
}

// ------------------------------------------------------------------------------------- writers

std::vector<result<lease>> redis_cache::hold(std::span<cache_hold const> holds,
                                             std::chrono::milliseconds ttl)
{
    AIRCARGO_ASSERT(ttl <= options_.longest_hold);
    if (holds.empty()) return {};
    auto const until = options_.now() + ttl - drift(ttl);
    std::vector<std::uint64_t> owners;
    for (std::size_t i = 0; i < holds.size(); ++i) owners.push_back(random());

    for (int attempt = 0; attempt < 2; ++attempt) {
        auto const g = present_generation();
        if (!g) break;
        auto const held = hold_in(*g, holds, owners, ttl);
        if (!held) break;
        if (!g->is_of(*held)) {
            drop(g);
            continue;
        }
        std::vector<result<lease>> out;
        for (std::size_t i = 0; i < holds.size(); ++i) {
            if (is(held->replies[i], 1)) {
                out.emplace_back(lease{holds[i].guard, owners[i], until});
            } else {
                out.emplace_back(is(held->replies[i], 0) ? lock_is_busy(holds[i].guard)
                                                         : locks_unreachable());
            }
        }
        return out;
    }
    return std::vector<result<lease>>(holds.size(), locks_unreachable());
}

result<redis_answers> redis_cache::hold_in(generation const& g, std::span<cache_hold const> holds,
                                           std::span<std::uint64_t const> owners,
                                           std::chrono::milliseconds ttl)
{
    std::vector<detail::script_call> calls;
    calls.reserve(holds.size());
    for (std::size_t i = 0; i < holds.size(); ++i) {
        std::vector<std::string> keys{generation_key, holds[i].guard};
        for (auto const& key : holds[i].keys) {
            keys.push_back(key);
            keys.push_back(token_key(key));
        }
        calls.push_back({&detail::cache_hold_script,
                         std::move(keys),
                         {g.text, std::to_string(owners[i]), ms(ttl)}});
    }
    return detail::run_scripts(*node_, calls);
}

std::vector<hold_end> redis_cache::settle(std::span<cache_settlement const> settlements)
{
    if (settlements.empty()) return {};
    auto const g = present_generation();
    if (!g) return std::vector<hold_end>(settlements.size(), hold_end::unheard);
    std::vector<detail::script_call> calls;
    calls.reserve(settlements.size());
    for (auto const& s : settlements) {
        std::vector<std::string> keys{generation_key, quarantine_key, s.hold.name};
        std::vector<std::string> arguments{g->text, std::to_string(s.hold.owner)};
        for (auto const& e : s.fresh) {
            keys.push_back(e.key.key);
            arguments.push_back(g->entry_of(e));
            arguments.push_back(ms(detail::spread(e.ttl, random())));
        }
        calls.push_back({&detail::cache_settle, std::move(keys), std::move(arguments)});
    }
    auto const settled = detail::run_scripts(*node_, calls);
    if (!settled) return std::vector<hold_end>(settlements.size(), hold_end::unheard);
    if (!g->is_of(*settled)) {
        drop(g);
        return std::vector<hold_end>(settlements.size(), hold_end::late);
    }
    std::vector<hold_end> out;
    for (auto const& reply : settled->replies) {
        bool const is_answer = reply.is == redis_reply::kind::integer;
        out.push_back(!is_answer          ? hold_end::unheard
                      : reply.number == 1 ? hold_end::in_time
                                          : hold_end::late);
    }
    return out;
}

}  // namespace aircargo
