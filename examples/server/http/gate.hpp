#pragma once

#include "http/message.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What a request must be before anything else looks at it. Boost.Beast accepts requests that a
/// proxy in front of us may read differently (no Host, two Hosts, odd framing); here they end.
namespace aircargo::server {

struct gate_limits {
    static constexpr std::size_t head_bytes = 16 * 1024;
    static constexpr std::size_t fields = 100;
    static constexpr std::size_t body_bytes = 1024 * 1024;
    static constexpr std::size_t query_parameters = 32;
};

struct gate_refusal {
    unsigned status;  ///< 4xx, but for `too_many_bodies`
    std::string_view code;
    std::string detail;
    unsigned retry_after_s = 0;  ///< 0: do not say
};

/// What the header says about the rest of the message.
struct framing {
    bool chunked = false;
    std::size_t content_length = 0;
    bool expects_continue = false;

    [[nodiscard]] bool has_body() const noexcept { return chunked || content_length > 0; }
};

/// Looks at header bytes as they arrive, before they are parsed: no control characters but the line
/// ends, no line end without its carriage return, no line that continues the one before.
/// `text` may stop anywhere; looks from `from` on. \return why it can not be a header
[[nodiscard]] std::optional<gate_refusal> refuse_head_bytes(std::string_view text,
                                                            std::size_t from);

/// Why a header of more than `gate_limits::head_bytes` is refused.
[[nodiscard]] gate_refusal head_too_large(std::string_view head);

/// Why a body is refused when all connections together hold too much of them.
[[nodiscard]] gate_refusal too_many_bodies();

/// Checks the parsed header and fills in path, query and id of the request.
[[nodiscard]] std::optional<gate_refusal> pass_gate(request& r, framing& f);

/// Reads `%41` as `A`, strictly: two hexadecimal digits. \return false for anything else
[[nodiscard]] bool percent_decode(std::string_view text, std::string& out);

}  // namespace aircargo::server
