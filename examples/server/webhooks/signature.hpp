#pragma once

#include <aircargo/core/utc_time.hpp>
#include <optional>
#include <string>
#include <string_view>

/// How a message proves that it comes from here: as https://www.standardwebhooks.com has it, so
/// that receivers need not write their own check.
namespace aircargo::server {

/// A secret of 32 random bytes: `whsec_` and base64.
[[nodiscard]] std::string draw_webhook_secret();

/// The bytes of a secret; nothing when it is not one.
[[nodiscard]] std::optional<std::string> bytes_of_webhook_secret(std::string_view secret);

/// What stands in `webhook-signature`: `v1,` and the HMAC-SHA256 of `id.seconds.body` in base64.
/// \pre the secret is one
[[nodiscard]] std::string webhook_signature(std::string_view secret, std::string_view id,
                                            utc_time at, std::string_view body);

}  // namespace aircargo::server
