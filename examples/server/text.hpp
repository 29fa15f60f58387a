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

/// Empties what is filled over and over, and keeps no more memory for it than most of it needs:
/// little enough for each of thousands of connections.
void empty(std::string& text);

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string to_hex(std::span<unsigned char const> bytes);

/// What was compressed by gzip; it must be whole.
[[nodiscard]] std::string gunzip(std::string_view bytes);

/// The bytes compressed, as small as gzip makes them.
[[nodiscard]] std::string gzip(std::string_view bytes);

/// SHA-256 of the text, in hexadecimal.
[[nodiscard]] std::string sha256(std::string_view text);
/// The same in base64, with padding.
[[nodiscard]] std::string sha256_base64(std::string_view text);

/// 16 random hexadecimal digits: enough to tell requests apart, not a secret.
[[nodiscard]] std::string random_id();

/// As many random hexadecimal digits as there is room for, an even number, and as little of a
/// secret.
void fill_with_random_hex(std::span<char> room);

/// The text with the passwords of its URLs hidden, each of which a blank or a quote ends.
[[nodiscard]] std::string without_passwords(std::string text);

/// The same for a value that is nothing but a URL or several with commas, whose passwords may hold
/// anything; and `password=` among their parameters.
[[nodiscard]] std::string urls_without_passwords(std::string_view urls);

}  // namespace aircargo::server
