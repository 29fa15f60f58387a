#include "api/cors.hpp"
#include <algorithm>

namespace aircargo::server {

std::optional<reply> pass_cors(request& r, std::span<std::string const> origins,
                               std::string_view methods)
{
    if (origins.empty()) return std::nullopt;
    r.answer_fields += "Vary: Origin\r\n";  // for caches between us and the browser
    auto const origin = r.header("Origin");
    if (!origin || std::find(origins.begin(), origins.end(), *origin) == origins.end())
        return std::nullopt;
    r.answer_fields.append("Access-Control-Allow-Origin: ").append(*origin).append("\r\n");

    bool const is_preflight = r.method == "OPTIONS" && !methods.empty() &&
                              r.header("Access-Control-Request-Method").has_value();
    if (!is_preflight) {
        r.answer_fields +=
            "Access-Control-Expose-Headers: ETag, Link, Location, RateLimit, RateLimit-Policy, "
            "Retry-After, traceparent, X-Request-ID\r\n";
        return std::nullopt;
    }
    reply out{.status = 204};
    out.with("Access-Control-Allow-Methods", methods)
        .with("Access-Control-Allow-Headers",
              "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
              "Last-Event-ID, traceparent, X-Request-ID")
        .with("Access-Control-Max-Age", "600");
    return out;
}

}  // namespace aircargo::server
