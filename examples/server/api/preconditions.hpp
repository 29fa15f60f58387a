#pragma once

#include "api/field_errors.hpp"
#include "http/message.hpp"
#include <aircargo/store/booking_store.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The header fields by which a client says under which condition, or that only once, it wants an
/// act.
namespace aircargo::server {

/// A booking's ETag is its revision in quotes.
[[nodiscard]] std::string etag_of(std::int64_t revision);

/// If-Match: the one revision that must still stand; nothing when there is no such field, or it is
/// `*`. A tag that is none of ours gives a revision that never stands.
[[nodiscard]] std::optional<std::int64_t> read_if_match(request const& r, field_errors& errors);

/// If-None-Match says that the client has what this tag, weak or strong, stands for.
[[nodiscard]] bool client_has(request const& r, std::string_view etag);

/// Idempotency-Key, bound to the route and to the content of the request.
[[nodiscard]] std::optional<idempotency_key> read_idempotency_key(request const& r,
                                                                  std::string_view canonical_body,
                                                                  field_errors& errors);

/// The key of one entry of a request with such a key; nothing when it has none. It holds for this
/// entry in this place, whatever the others are.
[[nodiscard]] std::optional<idempotency_key> key_of_entry(
    std::optional<idempotency_key> const& request_key, std::size_t nth,
    std::string_view canonical_entry);

}  // namespace aircargo::server
