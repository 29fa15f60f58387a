#pragma once

#include "redis/scripts.hpp"

namespace aircargo::detail {

/// What `gcra::take` does, for a batch, at one time of the server's. Numbers here are doubles,
/// exact below 2^53: so a time and a debt are two of them, whole microseconds and parts of the
/// next, and nothing is multiplied but the seconds of the clock.
///
/// KEYS: of each request, may repeat. ARGV, five a request: the limit's count; the price and a full
/// burst, as debts, whole and part. Answers three numbers a request: 1 if it is allowed, and the
/// debt after it. At a key stand the end of its debt, whole and part, and the count; it expires up
/// to two milliseconds later.
inline redis_script const rate_limiter_script(R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answers = {}
for i = 1, #KEYS do
    local a = 5 * i - 4
    local count = tonumber(ARGV[a])
    local price, price_part = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
    local full, full_part = tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])

    local whole, part, of = string.match(redis.call('GET', KEYS[i]) or '', '^(%d+) (%d+) (%d+)$')
    local debt, debt_part = (tonumber(whole) or now) - now, tonumber(part) or 0
    if debt_part > 0 and tonumber(of) ~= count then debt, debt_part = debt + 1, 0 end
    if debt < 0 then debt, debt_part = 0, 0 end
    local cut = debt > full or (debt == full and debt_part > full_part)
    if cut then debt, debt_part = full, full_part end

    local after, after_part = debt + price, debt_part + price_part
    if after_part >= count then after, after_part = after + 1, after_part - count end
    local allowed = after < full or (after == full and after_part <= full_part)
    local owes_more = allowed and price + price_part > 0
    if allowed then debt, debt_part = after, after_part end
    if cut or owes_more then
        redis.call('SET', KEYS[i], string.format('%.0f %.0f %.0f', now + debt, debt_part, count),
            'PX', string.format('%.0f', math.floor(debt / 1000) + 2))
    end
    answers[3 * i - 2], answers[3 * i - 1], answers[3 * i] = allowed and 1 or 0, debt, debt_part
end
return answers
)");

}  // namespace aircargo::detail
