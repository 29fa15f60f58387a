#pragma once

#include <aircargo/core/booking_ref.hpp>
#include <aircargo/core/result.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace aircargo {

/// What references begin with: `ACB` and 1 to 17 digits, such as `ACB12`. An existing `ref_prefix`
/// is valid.
class ref_prefix {
public:
    /// Reads the text form; `ACB` may be in lower case.
    /// \return the prefix, or `errc::invalid_booking_ref` with `text` in the detail.
    [[nodiscard]] static result<ref_prefix> parse(std::string_view text);

    [[nodiscard]] std::string const& str() const noexcept { return text_; }
    [[nodiscard]] bool begins(booking_ref const& ref) const { return ref.str().starts_with(text_); }

    friend bool operator==(ref_prefix const&, ref_prefix const&) = default;

private:
    explicit ref_prefix(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

inline result<ref_prefix> ref_prefix::parse(std::string_view text)
{
    // Filled up, it has to be a reference.
    std::string filled(text);
    filled.resize(std::max<std::size_t>(filled.size(), 3 + booking_ref::min_digits), '0');
    auto const ref = booking_ref::parse(filled);
    if (text.size() > 3 && ref) return ref_prefix(ref->str().substr(0, text.size()));
    return refuse(errc::invalid_booking_ref,
                  quoted(text) + " is not the beginning of a booking reference, such as ACB12");
}

}  // namespace aircargo
