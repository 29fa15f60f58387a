#pragma once

#include <cstddef>
#include <string_view>

namespace aircargo::test {

/// Whole, well-formed UTF-8 (RFC 3629): no lone or missing continuation bytes, no overlong forms.
inline bool is_utf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
        std::size_t const length = byte(i) < 0x80                       ? 1
                                   : byte(i) >= 0xC2 && byte(i) <= 0xDF ? 2
                                   : byte(i) >= 0xE0 && byte(i) <= 0xEF ? 3
                                   : byte(i) >= 0xF0 && byte(i) <= 0xF4 ? 4
                                                                        : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((byte(i + k) & 0xC0) != 0x80) return false;
        }
        bool const overlong =
            (byte(i) == 0xE0 && byte(i + 1) < 0xA0) || (byte(i) == 0xF0 && byte(i + 1) < 0x90);
        if (overlong) return false;
        i += length;
    }
    return true;
}

}  // namespace aircargo::test
