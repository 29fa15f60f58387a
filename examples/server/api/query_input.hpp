#pragma once

#include "api/field_errors.hpp"
#include "api/limits.hpp"
#include "http/message.hpp"
#include <aircargo/booking/status.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

/// Reads what stands behind the question mark.
namespace aircargo::server {

/// Reads a parameter through one of the library's parsers, such as `airport_code::parse`. Notes in
/// `errors` what it refuses; answers nothing then, and when the parameter is not there.
template <class Parse>
[[nodiscard]] auto parameter(request const& r, std::string_view name, field_errors& errors,
                             Parse parse)
    -> std::optional<typename decltype(parse(std::string_view()))::value_type>
{
    for (auto const& p : r.query) {
        if (p.name != name) continue;
        auto value = parse(std::string_view(p.value));
        if (value) return *std::move(value);
        errors.add(name, value.error());
    }
    return std::nullopt;
}

/// Reads whole numbers in a range.
struct integer_within {
    integer_range range;

    [[nodiscard]] result<std::int64_t> operator()(std::string_view text) const;
};

/// Reads the name of a status, in capitals.
[[nodiscard]] result<booking_status> parse_status(std::string_view text);

}  // namespace aircargo::server
