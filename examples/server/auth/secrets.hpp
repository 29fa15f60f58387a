#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Random secrets, their hashes, and the text form of both.
namespace aircargo::server {

/// The alphabet of URLs, without padding (RFC 4648, 5).
[[nodiscard]] std::string to_base64url(std::string_view bytes);
/// \return nothing for what `to_base64url` never writes
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

/// So many bytes of the system's best randomness, as base64url.
[[nodiscard]] std::string random_secret(std::size_t bytes);

/// What is kept of a secret, and what a secret is looked up by: its SHA-256, as base64url. Secrets
/// are drawn at random, so nothing slower is needed.
[[nodiscard]] std::string hash_of_secret(std::string_view secret);

}  // namespace aircargo::server
