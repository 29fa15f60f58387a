#pragma once

#include "auth/signing_key.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// What an access token says, besides that we issued it for ourselves.
struct token_claims {
    std::string subject;  ///< the account's id
    utc_time issued_at;
    utc_time expires_at;

    friend bool operator==(token_claims const&, token_claims const&) = default;
};

/// Issues and reads access tokens: JSON Web Tokens (RFC 7519) in the compact form of JWS.
///
/// A token names its key, which is looked up among ours and knows its own algorithm; nothing else
/// in the header is ever followed, and a header with anything else is refused (RFC 8725).
/// Thread-safe.
class token_issuer {
public:
    static constexpr std::size_t max_size = 4096;
    static constexpr std::chrono::seconds leeway{30};  ///< for clocks that differ
    static constexpr std::string_view issuer = "aircargo-server";
    static constexpr std::string_view audience = "aircargo";

    /// \param keys the first one signs, all verify \pre it can sign
    explicit token_issuer(std::vector<signing_key_ptr> keys);

    [[nodiscard]] std::string issue(token_claims const& claims) const;

    /// \return what the token says, or `invalid_request` with a reason for the log
    [[nodiscard]] result<token_claims> read(std::string_view token, utc_time now) const;

private:
    [[nodiscard]] result<void> check_signature(std::string_view header,
                                               std::string_view signed_part,
                                               std::string_view signature) const;

    signing_key_ptr signs_;
    std::map<std::string, signing_key_ptr, std::less<>> keys_;
};

}  // namespace aircargo::server
