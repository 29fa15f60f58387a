#pragma once

#include "redis/scripts.hpp"

/// What the cache does inside Redis, each in one step.
///
/// The generation is a text at the key `aircargo:cache`, 16 hex digits drawn at random and the run
/// of the server. Every script begins by comparing it, and answers -1 when it is another one: the
/// caller's knowledge is then void. A second key, `aircargo:cache:quarantine`, stands for as long
/// as writers of an earlier generation may still be at work; nothing is kept meanwhile.
///
/// An entry is 16 hex digits of the generation, 16 of the revision, and the value. A token's key
/// holds the token, a blank and the newest revision that others told of. What is of another type
/// than text is nothing of ours, and makes place.
namespace aircargo::detail {

// KEYS: generation, quarantine. ARGV: run, 16 new digits, ms of quarantine. Answers the generation.
inline redis_script const cache_open(R"(
local known = redis.pcall('GET', KEYS[1])
if type(known) == 'string' and string.sub(known, 17) == ARGV[1] then return known end
redis.call('SET', KEYS[1], ARGV[2] .. ARGV[1])
redis.call('SET', KEYS[2], '', 'PX', ARGV[3])
return ARGV[2] .. ARGV[1]
)");

// KEYS: generation, quarantine, key, its token, guard. ARGV: generation, token, ms.
// Answers the entry if it has come meanwhile, else 1 when the token is given, 0 when not.
inline redis_script const cache_token(R"(
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local entry = redis.pcall('GET', KEYS[3])
if type(entry) == 'string' and string.sub(entry, 1, 16) == string.sub(ARGV[1], 1, 16) then
    return entry
end
if redis.call('EXISTS', KEYS[2], KEYS[5]) > 0 then return 0 end
return redis.call('SET', KEYS[4], ARGV[2] .. ' 0', 'NX', 'PX', ARGV[3]) and 1 or 0
)");

// KEYS: generation, quarantine, key, its token, guard. ARGV: generation, token or 0, revision,
// entry, ms. Answers 1 when the entry is kept, 0 when the cache was only told of its revision. Full
// memory takes no entry and no new floor for a token, but it can always forget.
inline redis_script const cache_fill(R"(
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local revision = tonumber(ARGV[3])
local entry = redis.pcall('GETRANGE', KEYS[3], 0, 31)
local kept = 0
if type(entry) ~= 'string' then
    redis.call('DEL', KEYS[3])
elseif string.sub(entry, 1, 16) == string.sub(ARGV[1], 1, 16) then
    kept = tonumber(string.sub(entry, 17), 16) or 0
end
local standing = redis.pcall('GET', KEYS[4])
local token, told = string.match(type(standing) == 'string' and standing or '', '^(%d+) (%d+)$')
told = tonumber(told) or 0
if token == ARGV[2] and revision >= told and revision >= kept
    and redis.call('EXISTS', KEYS[2], KEYS[5]) == 0 then
    local set = redis.pcall('SET', KEYS[3], ARGV[4], 'PX', ARGV[5])
    redis.call('DEL', KEYS[4])
    if set.ok then return 1 end
    token = nil
end
if kept < revision then redis.call('DEL', KEYS[3]) end
if token and told < revision
    and not redis.pcall('SET', KEYS[4], token .. ' ' .. ARGV[3], 'KEEPTTL').ok then
    redis.call('DEL', KEYS[4])
end
return 0
)");

// KEYS: generation, guard, then each key and its token. ARGV: generation, owner, ms.
// Answers 1 when held, also when the owner has it already; 0 when someone else has.
inline redis_script const cache_hold_script(R"(
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local holder = redis.pcall('GET', KEYS[2])
if type(holder) == 'string' and holder ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
return 1
)");

// KEYS: generation, quarantine, guard, then each fresh key. ARGV: generation, owner, then each
// entry and its ms. Answers 1 when the hold stood, 0 when not. Also with a full memory, which may
// keep no entry, the hold ends.
inline redis_script const cache_settle(R"(
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.pcall('GET', KEYS[3]) ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[3])
if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
for i = 4, #KEYS do redis.pcall('SET', KEYS[i], ARGV[2 * i - 5], 'PX', ARGV[2 * i - 4]) end
return 1
)");

}  // namespace aircargo::detail
