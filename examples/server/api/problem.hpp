#pragma once

#include "api/field_errors.hpp"
#include "http/message.hpp"
#include <aircargo/core/error.hpp>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

class json_writer;

/// An answer that says what is wrong, as RFC 9457 writes it.
struct problem {
    unsigned status;
    std::string_view code;  ///< for programs; stable, and a literal
    std::string detail;     ///< one sentence for people
    std::vector<field_error> errors{};
    unsigned retry_after_s = 0;             ///< 0: do not say
    std::string_view challenge = "Bearer";  ///< of WWW-Authenticate, where the status is 401
    bool close = false;
};

/// The codes of problems that are the server's own; the others are the names of `errc`. The
/// description lists both, and a test finds a code that is missing here.
inline constexpr auto server_codes = std::to_array<std::string_view>({
    "answer_unreadable",
    "bad_request",
    "beyond_the_log",
    "content_too_large",
    "cross_site",
    "expectation_failed",
    "forbidden",
    "foreign_page",
    "header_too_large",
    "in_progress",
    "invalid_credentials",
    "invalid_json",
    "invalid_token",
    "login_required",
    "method_not_allowed",
    "no_such_path",
    "own_account",
    "rate_limited",
    "registration_off",
    "request_timeout",
    "too_many_connections",
    "too_many_streams",
    "too_many_webhooks",
    "unauthenticated",
    "unsupported_media_type",
    "uri_too_long",
    "wrong_host",
});

[[nodiscard]] problem to_problem(error const& e);
[[nodiscard]] problem to_problem(field_errors const& errors);

[[nodiscard]] reply make_reply(problem const& p, request const& r);

/// The same as part of an answer.
void write_problem(json_writer& out, problem const& p, request const& r);

/// The words behind the number: `Not Found`.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

}  // namespace aircargo::server
