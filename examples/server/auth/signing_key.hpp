#pragma once

#include <aircargo/core/result.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace aircargo::server {

/// A key that signs or verifies tokens. It is for one algorithm, whatever a token says.
/// Thread-safe.
class signing_key {
public:
    static constexpr std::size_t least_secret_bytes = 32;

    virtual ~signing_key() = default;

    /// As JWS names it: `HS256` or `EdDSA`.
    [[nodiscard]] virtual std::string_view algorithm() const noexcept = 0;
    /// The `kid` of its tokens: says which key it is, and nothing about it.
    [[nodiscard]] virtual std::string const& id() const noexcept = 0;
    [[nodiscard]] virtual bool can_sign() const noexcept = 0;
    /// \pre can_sign()
    [[nodiscard]] virtual std::string sign(std::string_view text) const = 0;
    [[nodiscard]] virtual bool verify(std::string_view text, std::string_view signature) const = 0;
};
using signing_key_ptr = std::shared_ptr<signing_key const>;

/// HMAC with SHA-256. \return the key, or `invalid_request` for a secret of less than 32 bytes
[[nodiscard]] result<signing_key_ptr> make_hmac_key(std::string_view secret);

/// Ed25519, from a PEM text with a private key, or with a public one, which can not sign.
/// \return the key, or `invalid_request`
[[nodiscard]] result<signing_key_ptr> make_ed25519_key(std::string const& pem);

}  // namespace aircargo::server
