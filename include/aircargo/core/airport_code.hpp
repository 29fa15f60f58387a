#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace aircargo {

/// IATA location identifier: three letters A-Z, held by value in 3 bytes.
/// An `airport_code` that exists is valid, because `parse` is the only way in.
class airport_code {
public:
    /// Reads exactly three letters; lower case is folded to upper. Allocates only on failure.
    /// \return the code, or `errc::invalid_airport_code` with `text` in the detail.
    [[nodiscard]] static result<airport_code> parse(std::string_view text);

    [[nodiscard]] constexpr std::string_view str() const noexcept { return {letters_.data(), 3}; }

    /// The three letters as a number in [0, 26^3), dense enough to index a table.
    [[nodiscard]] constexpr std::uint16_t index() const noexcept;
    static constexpr std::size_t index_count = 26 * 26 * 26;

    friend constexpr auto operator<=>(airport_code const&, airport_code const&) = default;

private:
    constexpr explicit airport_code(std::array<char, 3> letters) noexcept : letters_(letters) {}

    std::array<char, 3> letters_;
};

inline result<airport_code> airport_code::parse(std::string_view text)
{
    auto const refused = [&] {
        return refuse(errc::invalid_airport_code,
                      quoted(text) + " is not a three-letter airport code");
    };
    if (text.size() != 3) return refused();
    std::array<char, 3> letters{};
    for (std::size_t i = 0; i < 3; ++i) {
        char const c = text[i];
        bool const lower = c >= 'a' && c <= 'z';
        if (!lower && !(c >= 'A' && c <= 'Z')) return refused();
        letters[i] = lower ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return airport_code(letters);
}

constexpr std::uint16_t airport_code::index() const noexcept
{
    auto const letter = [this](std::size_t i) { return letters_[i] - 'A'; };
    return static_cast<std::uint16_t>((letter(0) * 26 + letter(1)) * 26 + letter(2));
}

}  // namespace aircargo

template <>
struct std::hash<aircargo::airport_code> {
    std::size_t operator()(aircargo::airport_code code) const noexcept { return code.index(); }
};
