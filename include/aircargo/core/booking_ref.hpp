#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace aircargo {

/// A booking's reference: `ACB` and 5 to 17 digits, such as `ACB12345`. Leading zeros count:
/// `ACB00042` and `ACB000042` are different references. Held by value; an existing `booking_ref` is
/// valid.
class booking_ref {
public:
    static constexpr unsigned min_digits = 5;
    static constexpr unsigned max_digits = 17;  // the column holds 20 characters

    /// Reads the text form; the prefix may be in lower case.
    /// \return the reference, or `errc::invalid_booking_ref` with `text` in the detail.
    [[nodiscard]] static result<booking_ref> parse(std::string_view text);

    /// The reference that shows `number` with `digits` digits; number < 10^digits, 5 <= digits
    /// <= 17.
    [[nodiscard]] static constexpr booking_ref from_number(std::uint64_t number,
                                                           unsigned digits) noexcept
    {
        return booking_ref(number, digits);
    }

    [[nodiscard]] std::string str() const;
    [[nodiscard]] constexpr std::uint64_t number() const noexcept { return number_; }
    [[nodiscard]] constexpr unsigned digits() const noexcept { return digits_; }

    /// Shorter references come first, then by number: the order in which stores lock rows.
    friend constexpr auto operator<=>(booking_ref const& a, booking_ref const& b) noexcept
    {
        auto const by_digits = a.digits_ <=> b.digits_;
        return by_digits != 0 ? by_digits : a.number_ <=> b.number_;
    }
    friend constexpr bool operator==(booking_ref const&, booking_ref const&) = default;

private:
    constexpr booking_ref(std::uint64_t number, unsigned digits) noexcept
        : number_(number), digits_(static_cast<std::uint8_t>(digits))
    {}

    std::uint64_t number_;
    std::uint8_t digits_;
};

inline result<booking_ref> booking_ref::parse(std::string_view text)
{
    auto const refused = [&] {
        return refuse(errc::invalid_booking_ref,
                      quoted(text) + " is not a booking reference such as ACB12345");
    };
    auto const is_letter = [](char c, char upper) { return c == upper || c == upper - 'A' + 'a'; };
    if (text.size() < 3 + min_digits || text.size() > 3 + max_digits) return refused();
    if (!is_letter(text[0], 'A') || !is_letter(text[1], 'C') || !is_letter(text[2], 'B'))
        return refused();
    std::uint64_t number = 0;
    for (char c : text.substr(3)) {
        if (c < '0' || c > '9') return refused();
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return booking_ref(number, static_cast<unsigned>(text.size() - 3));
}

inline std::string booking_ref::str() const
{
    std::string const shown = std::to_string(number_);
    std::string out = "ACB";
    out.append(digits_ - std::min<std::size_t>(digits_, shown.size()), '0');
    return out += shown;
}

}  // namespace aircargo

template <>
struct std::hash<aircargo::booking_ref> {
    std::size_t operator()(aircargo::booking_ref const& ref) const noexcept
    {
        return std::hash<std::uint64_t>{}(ref.number() * 32 + ref.digits());
    }
};
