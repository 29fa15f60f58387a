#include "http/identity.hpp"
#include "text.hpp"
#include <algorithm>

namespace aircargo::server {
namespace {

/// Ids go into logs and answers as they are.
[[nodiscard]] bool is_plain_id(std::string_view text)
{
    constexpr std::size_t longest = 64;
    return !text.empty() && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
           });
}

}  // namespace

void identify(request& r)
{
    auto const sent = r.header("X-Request-ID").value_or("");
    r.id = is_plain_id(sent) ? std::string(sent) : random_id();

    constexpr std::string_view traceparent = "traceparent";
    bool const one = r.header_count(traceparent) == 1;
    r.trace = trace_context::continue_from(one ? r.header(traceparent) : std::nullopt);
}

}  // namespace aircargo::server
