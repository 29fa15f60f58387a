#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace aircargo::server {

[[nodiscard]] constexpr bool is_letter_or_digit(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The text with a `?` for each byte that is not part of well-formed UTF-8.
[[nodiscard]] std::string well_formed(std::string_view text);

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string to_hex(std::span<unsigned char const> bytes);

/// SHA-256 of the text, in hexadecimal.
[[nodiscard]] std::string sha256(std::string_view text);

/// 16 random hexadecimal digits: enough to tell requests apart, not a secret.
[[nodiscard]] std::string random_id();

}  // namespace aircargo::server
