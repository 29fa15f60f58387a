#pragma once

#include <aircargo/core/airport_code.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// How the lists of a webhook stand in a column: their values with commas between.
namespace aircargo::detail {

template <class Enum>
requires std::is_enum_v<Enum>
[[nodiscard]] std::string_view text_of(Enum e) { return name_of(e); }
[[nodiscard]] inline std::string_view text_of(airport_code const& a) { return a.str(); }

template <class T>
[[nodiscard]] std::string list_of(std::vector<T> const& values)
{
    std::string text;
    for (auto const& v : values) text.append(text.empty() ? "" : ",").append(text_of(v));
    return text;
}

/// Nothing when one of them is not a value that `parse` reads.
template <class T, class Parse>
[[nodiscard]] std::optional<std::vector<T>> values_of(std::string_view text, Parse parse)
{
    std::vector<T> values;
    while (!text.empty()) {
        auto const part = text.substr(0, text.find(','));
        text.remove_prefix(part.size() == text.size() ? text.size() : part.size() + 1);
        auto const value = parse(part);
        if (!value) return std::nullopt;
        values.push_back(*value);
    }
    return values;
}

}  // namespace aircargo::detail
