#include "redis/rate_limiter_script.hpp"
#include <aircargo/limit/redis.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace aircargo {
namespace {

namespace gcra = detail::gcra;

/// A debt as whole microseconds and parts of the next.
void append_debt(std::vector<std::string>& arguments, std::int64_t debt, rate_limit const& limit)
{
    arguments.push_back(std::to_string(debt / limit.count()));
    arguments.push_back(std::to_string(debt % limit.count()));
}

void append_request(detail::script_call& call, std::string const& prefix, rate_request const& r)
{
    call.keys.push_back(prefix + r.key);
    call.arguments.push_back(std::to_string(r.limit.count()));
    append_debt(call.arguments, gcra::price(r.limit, r.cost), r.limit);
    append_debt(call.arguments, gcra::price(r.limit, r.limit.burst()), r.limit);
}

[[nodiscard]] bool is_answer_to(redis_reply const& reply, std::size_t requests)
{
    return reply.is == redis_reply::kind::list && reply.items.size() == 3 * requests &&
           std::all_of(reply.items.begin(), reply.items.end(),
                       [](auto const& item) { return item.is == redis_reply::kind::integer; });
}

[[nodiscard]] rate_answer read_answer(std::span<redis_reply const> three, rate_request const& r)
{
    auto const debt = three[1].number * r.limit.count() + three[2].number;
    return gcra::answer_of({three[0].number == 1, debt}, r.limit, r.cost);
}

}  // namespace

std::vector<result<rate_answer>> redis_rate_limiter::check(std::span<rate_request const> requests)
{
    std::vector<result<rate_answer>> answers;
    answers.reserve(requests.size());
    std::vector<std::size_t> asked;
    detail::script_call call{&detail::rate_limiter_script, {}, {}};
    for (auto const& r : requests) {
        answers.emplace_back(refuse(errc::backend_down, "the rate limiter can not be reached"));
        if (auto const payable = gcra::check_cost(r); !payable) {
            answers.back() = payable.error();
            continue;
        }
        asked.push_back(answers.size() - 1);
        append_request(call, prefix_, r);
    }
    if (asked.empty()) return answers;
    auto const came = detail::run_scripts(*node_, {std::move(call)});
    if (!came || !is_answer_to(came->replies.front(), asked.size())) return answers;
    std::span<redis_reply const> const numbers = came->replies.front().items;
    for (std::size_t n = 0; n < asked.size(); ++n)
        answers[asked[n]] = read_answer(numbers.subspan(3 * n, 3), requests[asked[n]]);
    return answers;
}

}  // namespace aircargo
