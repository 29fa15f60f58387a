#pragma once

#include "api/body.hpp"
#include "api/pipeline.hpp"
#include "app.hpp"
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// What the routes share that take a password or a refresh token.
namespace aircargo::server {

/// Whether the body has these members, and no others than were asked for; else it is refused.
[[nodiscard]] inline bool finish(exchange& x, json_object& body,
                                 std::initializer_list<std::string_view> needed)
{
    for (auto name : needed) body.require(name);
    body.finish();
    if (body.errors.empty()) return true;
    refuse(x, to_problem(body.errors));
    return false;
}

[[nodiscard]] inline problem wrong_credentials(std::string detail)
{
    return {.status = 401, .code = "invalid_credentials", .detail = std::move(detail)};
}

/// Goes on unless there were too many attempts on this account, wherever they came from.
template <class GoOn>
void count_attempt(app& a, exchange_ptr x, account_name const& name, GoOn go_on)
{
    auto const counted = a.limits().limit_of_account(name.str());
    if (!counted) return go_on();
    auto const decide = [x, counted, go_on](result<rate_answer> const& answer) {
        if (!answer) return refuse(*x, to_problem(answer.error()));
        if (!answer->allowed) return refuse(*x, too_many(*counted, *answer));
        go_on();
    };
    if (auto const answer = a.limits().count_at_once(counted->what)) return decide(*answer);
    a.limits().count(counted->what, [x, decide](auto const& answer) {
        x->post([decide, answer] { decide(answer); });
    });
}

}  // namespace aircargo::server
