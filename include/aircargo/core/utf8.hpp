#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace aircargo {

/// Text that every store and every message format takes: well-formed UTF-8 (no overlong forms, no
/// surrogates, at most U+10FFFF) without NUL.
[[nodiscard]] constexpr bool is_clean_utf8(std::string_view text) noexcept
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        unsigned const lead = byte(i);
        if (lead == 0) return false;
        if (lead < 0x80) {
            ++i;
            continue;
        }
        if (lead < 0xC2 || lead > 0xF4) return false;
        std::size_t const length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (i + length > text.size()) return false;
        // The second byte is narrower after four leads: that keeps out overlong forms, surrogates
        // and the end.
        unsigned const low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned const high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (byte(i + 1) < low || byte(i + 1) > high) return false;
        for (std::size_t k = 2; k < length; ++k) {
            if (byte(i + k) < 0x80 || byte(i + k) > 0xBF) return false;
        }
        i += length;
    }
    return true;
}

/// The start of `text` in quotes, fit for a sentence: at most `max` bytes, no letter cut in two,
/// and a question mark for every byte that is not clean.
[[nodiscard]] inline std::string quoted(std::string_view text, std::size_t max = 32)
{
    std::string out = "'";
    while (!text.empty()) {
        std::size_t length = 1;
        while (length < std::min<std::size_t>(text.size(), 4) &&
               !is_clean_utf8(text.substr(0, length)))
            ++length;
        bool const clean = is_clean_utf8(text.substr(0, length));
        if (!clean) length = 1;
        if (out.size() + length > max + 1) break;
        if (clean) {
            out += text.substr(0, length);
        } else {
            out += '?';
        }
        text.remove_prefix(length);
    }
    return out += '\'';
}

}  // namespace aircargo
