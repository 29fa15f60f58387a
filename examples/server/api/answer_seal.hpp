#pragma once

#include "auth/signing_key.hpp"
#include "config/auth.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// Encrypts what is kept of an answer that holds a secret. It takes both to read it: the server's
/// signing key, which is not in the store, and the client's Idempotency-Key, of which the store has
/// the hash. Where nobody gave the server a key, it is the client's alone. Thread-safe.
class answer_seal {
public:
    explicit answer_seal(auth_config const& c);

    [[nodiscard]] std::string close(std::string_view answer, std::string_view client_key) const;
    /// \return nothing when the signing key is neither the present one nor the one before
    [[nodiscard]] std::optional<std::string> open(std::string_view sealed,
                                                  std::string_view client_key) const;

private:
    struct server_key {
        std::string id;
        std::string secret;  ///< 32 bytes
    };

    std::vector<server_key> keys_;  // the first one closes
};

}  // namespace aircargo::server
