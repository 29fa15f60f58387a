#pragma once

#include <aircargo/core/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>

/// Passwords by argon2id. Hashing takes a core for about 40 ms and 19 MiB: never on a thread that
/// others wait for.
namespace aircargo::server {

inline constexpr std::size_t least_password_bytes = 8;
inline constexpr std::size_t most_password_bytes = 256;

/// What a new password must be: 8 to 256 bytes of UTF-8 without NUL. Nothing about its letters,
/// since rules for these make passwords no better (NIST SP 800-63B).
[[nodiscard]] result<void> check_new_password(std::string_view password);

/// \return what is stored of it, a PHC string
[[nodiscard]] std::string hash_password(std::string_view password);

[[nodiscard]] bool verify_password(std::string const& hash, std::string_view password);

/// The same for the same two texts, and as dear to compute as `hash_password`: for what is kept of
/// a text with a password in it and has to be compared.
[[nodiscard]] std::string slow_hash(std::string_view text, std::string_view salt);

/// A hash that no password is known for. Who logs in with a name that nobody has is checked against
/// it, so that the time of the answer does not tell which names there are.
[[nodiscard]] std::string const& nobodys_password_hash();

}  // namespace aircargo::server
