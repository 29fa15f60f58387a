#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace aircargo {

/// Flight designator as IATA SSIM writes it: a two-character airline designator (letters or digits,
/// not two digits), one to four digits, and at times an operational suffix letter: `AI101`, `5X76`,
/// `BA9D`. Held by value; an existing `flight_number` is valid.
class flight_number {
public:
    /// Reads a designator; letters are folded to upper case and leading zeros of the number are
    /// dropped, so that `AI0101` and `AI101` are the same flight. \return the number, or
    /// `errc::invalid_flight_number` with `text` in the detail.
    [[nodiscard]] static result<flight_number> parse(std::string_view text);

    /// Two-character airline designator.
    [[nodiscard]] constexpr std::string_view airline() const noexcept { return {text_.data(), 2}; }
    [[nodiscard]] constexpr std::string_view str() const noexcept { return {text_.data(), size_}; }

    /// Eight bytes that hold the designator; comparing them compares designators.
    [[nodiscard]] constexpr std::array<char, 8> pack() const noexcept;
    /// From what `pack` gave. Other bytes give some text of at most 7 characters.
    [[nodiscard]] static constexpr flight_number unpack(std::array<char, 8> const& bytes) noexcept;

    friend constexpr auto operator<=>(flight_number const&, flight_number const&) = default;

private:
    constexpr flight_number() noexcept = default;

    std::array<char, 7> text_{};  // unused places stay 0, so comparing the arrays compares the text
    std::uint8_t size_ = 0;
};

// Both are one move of eight bytes: a schedule that changes packs and unpacks whole lanes.
constexpr std::array<char, 8> flight_number::pack() const noexcept
{
    return std::bit_cast<std::array<char, 8>>(*this);
}

constexpr flight_number flight_number::unpack(std::array<char, 8> const& bytes) noexcept
{
    constexpr char longest = 7;
    if (bytes[7] >= 0 && bytes[7] <= longest) return std::bit_cast<flight_number>(bytes);
    auto mended = bytes;
    mended[7] = longest;
    return std::bit_cast<flight_number>(mended);
}

inline result<flight_number> flight_number::parse(std::string_view text)
{
    auto const refused = [&] {
        return refuse(errc::invalid_flight_number,
                      quoted(text) + " is not a flight number such as AI101");
    };
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    auto const is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    auto const upper = [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };

    if (text.size() < 3 || text.size() > 7) return refused();
    flight_number number;
    auto const add = [&](char c) { number.text_[number.size_++] = c; };

    for (char c : text.substr(0, 2)) {
        if (!is_letter(upper(c)) && !is_digit(c)) return refused();
        add(upper(c));
    }
    if (is_digit(text[0]) && is_digit(text[1])) return refused();

    auto rest = text.substr(2);
    auto const suffix = is_letter(upper(rest.back())) ? upper(rest.back()) : '\0';
    if (suffix != '\0') rest.remove_suffix(1);
    if (rest.empty() || rest.size() > 4 || !std::all_of(rest.begin(), rest.end(), is_digit))
        return refused();
    while (rest.size() > 1 && rest.front() == '0') rest.remove_prefix(1);
    for (char c : rest) add(c);
    if (suffix != '\0') add(suffix);
    return number;
}

}  // namespace aircargo

template <>
struct std::hash<aircargo::flight_number> {
    std::size_t operator()(aircargo::flight_number const& number) const noexcept
    {
        return std::hash<std::string_view>{}(number.str());
    }
};
