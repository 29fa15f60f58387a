#include "http/trace_context.hpp"
#include "text.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

[[nodiscard]] bool is_lower_hex(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// An id of zeros only is none.
[[nodiscard]] bool is_id(std::string_view text) noexcept
{
    return is_lower_hex(text) && text.find_first_not_of('0') != text.npos;
}

}  // namespace

bool is_traceparent(std::string_view text) noexcept
{
    constexpr std::size_t size = 55;
    if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
    auto const version = text.substr(0, 2);
    if (!is_lower_hex(version) || version == "ff") return false;
    if (text.size() > size && (version == "00" || text[size] != '-')) return false;
    return is_id(text.substr(3, 32)) && is_id(text.substr(36, 16)) &&
           is_lower_hex(text.substr(53, 2));
}

trace_context trace_context::continue_from(std::optional<std::string_view> traceparent)
{
    constexpr std::string_view blank = "00-................................-................-00";
    static_assert(blank.size() == size);
    trace_context made;
    auto& text = made.text_;
    std::copy(blank.begin(), blank.end(), text.begin());
    if (traceparent && is_traceparent(*traceparent)) {
        std::copy_n(traceparent->begin() + 3, 32, text.begin() + 3);
        std::copy_n(traceparent->begin() + 53, 2, text.begin() + 53);
    } else {
        fill_with_random_hex({text.data() + 3, 32});
    }
    fill_with_random_hex({text.data() + 36, 16});
    return made;
}

}  // namespace aircargo::server
