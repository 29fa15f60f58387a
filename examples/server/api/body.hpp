#pragma once

#include "api/json_input.hpp"
#include "api/problem.hpp"
#include "http/message.hpp"
#include <optional>

/// What handlers that take JSON begin with.
namespace aircargo::server {

inline void refuse(exchange& x, problem const& p) { x.answer(make_reply(p, x.in())); }

/// Reads the body; answers the request and nothing else when it is not JSON.
[[nodiscard]] inline std::optional<json_object> read_body(exchange& x)
{
    auto body = json_object::parse(x.in().body);
    if (body) return std::move(*body);
    refuse(x, {.status = 400, .code = "invalid_json", .detail = body.error().detail});
    return std::nullopt;
}

}  // namespace aircargo::server
