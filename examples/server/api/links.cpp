#include "api/links.hpp"
#include "text.hpp"

namespace aircargo::server {
namespace {

/// The request's own parameters, without those that name a page.
[[nodiscard]] std::string first_page(request const& r)
{
    auto url = r.path;
    char mark = '?';
    for (auto const& p : r.query) {
        if (p.name == "page" || p.name == "cursor") continue;
        url += mark + percent_encode(p.name) + '=' + percent_encode(p.value);
        mark = '&';
    }
    return url;
}

[[nodiscard]] std::string with(std::string url, std::string_view name, std::string_view value)
{
    url += url.find('?') == std::string::npos ? '?' : '&';
    url.append(name) += '=';
    return url += percent_encode(value);
}

[[nodiscard]] std::string link(std::string const& url, std::string_view relation)
{
    return '<' + url + ">; rel=\"" + std::string(relation) + '"';
}

}  // namespace

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view also_plain = "-._~";  // RFC 3986, 2.3
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        if (is_letter_or_digit(c) || also_plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0x0fU];
    }
    return out;
}

std::string page_links(request const& r, std::string_view next_cursor,
                       std::optional<std::size_t> page)
{
    auto const first = first_page(r);
    std::string links;
    if (!next_cursor.empty()) links += link(with(first, "cursor", next_cursor), "next") + ", ";
    if (page && *page > 1)
        links += link(with(first, "page", std::to_string(*page - 1)), "prev") + ", ";
    return links + link(first, "first");
}

}  // namespace aircargo::server
