#include "limits/batch_units.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

/// The place behind the text that begins at a quote.
[[nodiscard]] std::size_t behind_text(std::string_view json, std::size_t quote) noexcept
{
    for (auto at = quote + 1; at < json.size(); ++at) {
        if (json[at] == '"') return at + 1;
        if (json[at] == '\\') ++at;
    }
    return json.size();
}

}  // namespace

std::size_t count_entries(std::string_view json) noexcept
{
    constexpr std::size_t in_a_list = 2;
    std::size_t entries = 0;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < json.size();) {
        auto const c = json[at];
        if (c == '{' && depth == in_a_list) ++entries;
        if (c == '{' || c == '[') ++depth;
        if ((c == '}' || c == ']') && depth > 0) --depth;
        at = c == '"' ? behind_text(json, at) : at + 1;
    }
    return entries;
}

std::int64_t units_of_batch(std::string_view json) noexcept
{
    auto const begun = (count_entries(json) + entries_a_unit - 1) / entries_a_unit;
    return static_cast<std::int64_t>(std::max<std::size_t>(begun, 1));
}

}  // namespace aircargo::server
