#include "http/gate.hpp"
#include "text.hpp"
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <array>
#include <charconv>

namespace aircargo::server {
namespace {

using refusal = std::optional<gate_refusal>;

constexpr std::array<std::string_view, 10> known_methods{
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "QUERY"};

[[nodiscard]] gate_refusal bad_request(std::string detail)
{
    return {400, "bad_request", std::move(detail)};
}

[[nodiscard]] bool is_visible(char c) { return c > ' ' && c < 0x7f; }

[[nodiscard]] bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

[[nodiscard]] bool is_port(std::string_view text)
{
    return text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

[[nodiscard]] bool is_name_or_ip4(std::string_view text)
{
    std::string decoded;
    auto const is_part = [](char c) {
        return is_letter_or_digit(c) || std::string_view(".-_~%").find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_part) &&
           percent_decode(text, decoded);
}

/// What is between the brackets.
[[nodiscard]] bool is_ip6(std::string_view text)
{
    auto const is_part = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
               c == ':' || c == '.';
    };
    return text.find(':') != text.npos && std::all_of(text.begin(), text.end(), is_part);
}

/// A host as RFC 3986 writes it, with less than it allows: no sub-delimiters, no address of a later
/// version. The port may be empty.
[[nodiscard]] bool is_host_and_port(std::string_view text)
{
    if (text.size() > 255) return false;
    bool const bracketed = text.starts_with('[');
    auto const host_end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && host_end == text.npos) return false;
    auto const host = text.substr(0, host_end);
    auto const rest = text.substr(std::min(text.size(), host.size() + (bracketed ? 1 : 0)));
    if (!(bracketed ? is_ip6(host.substr(1)) : is_name_or_ip4(host))) return false;
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

/// Tabs are none. Looks at each character alone, so that the compiler takes many at a time.
[[nodiscard]] std::size_t count_controls(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; }));
}

[[nodiscard]] refusal check_host(request const& r)
{
    auto const count = r.header_count("Host");
    if (count > 1) return bad_request("there is more than one Host field");
    if (count == 0) {
        if (r.version >= 11) return bad_request("the Host field is missing");
        return std::nullopt;
    }
    if (is_host_and_port(*r.header("Host"))) return std::nullopt;
    return bad_request("the Host field is not a host and port");
}

[[nodiscard]] refusal check_framing(request const& r, framing& f)
{
    auto const lengths = r.header_count("Content-Length");
    auto const encodings = r.header_count("Transfer-Encoding");
    if (encodings > 0) {
        if (lengths > 0)
            return bad_request("Transfer-Encoding and Content-Length exclude each other");
        if (r.version < 11) return bad_request("HTTP/1.0 has no Transfer-Encoding");
        if (encodings > 1 || !equal_without_case(*r.header("Transfer-Encoding"), "chunked")) {
            return bad_request("the only Transfer-Encoding is 'chunked', once");
        }
        if (r.header_count("Trailer") > 0) return bad_request("trailer fields are not accepted");
        f.chunked = true;
        return std::nullopt;
    }
    if (lengths == 0) return std::nullopt;
    auto const text = *r.header("Content-Length");
    auto const [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), f.content_length);
    if (lengths > 1 || failed != std::errc() || end != text.data() + text.size()) {
        return bad_request("the Content-Length must be one number");
    }
    if (f.content_length > gate_limits::body_bytes) {
        return gate_refusal{413, "content_too_large", "the body is larger than 1 MiB"};
    }
    return std::nullopt;
}

[[nodiscard]] refusal check_expectation(request const& r, framing& f)
{
    auto const expected = r.header("Expect");
    if (!expected || r.version < 11) return std::nullopt;
    if (r.header_count("Expect") > 1 || !equal_without_case(*expected, "100-continue")) {
        return gate_refusal{417, "expectation_failed",
                            "the only expectation met here is 100-continue"};
    }
    f.expects_continue = f.has_body();
    return std::nullopt;
}

/// A decoded path that no reader can take for another: no control characters, no `.` or `..`
/// segments.
[[nodiscard]] bool is_plain_path(std::string_view path)
{
    if (std::any_of(path.begin(), path.end(), is_control) || !is_clean_utf8(path)) return false;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        auto const segment = path.substr(0, path.find('/'));
        if (segment == "." || segment == "..") return false;
        path.remove_prefix(segment.size());
    }
    return true;
}

[[nodiscard]] refusal read_query(std::string_view text, request& r)
{
    while (!text.empty()) {
        auto const pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        auto const equals = pair.find('=');
        query_parameter p;
        bool const readable =
            !pair.empty() && percent_decode(pair.substr(0, equals), p.name) &&
            (equals == pair.npos || percent_decode(pair.substr(equals + 1), p.value)) &&
            is_clean_utf8(p.name) && is_clean_utf8(p.value) &&
            std::none_of(p.name.begin(), p.name.end(), is_control) &&
            std::none_of(p.value.begin(), p.value.end(), is_control);
        if (!readable) return bad_request("the query can not be read");
        if (r.query.size() == gate_limits::query_parameters) {
            return bad_request("the query has too many parameters");
        }
        r.query.push_back(std::move(p));
    }
    return std::nullopt;
}

[[nodiscard]] refusal read_target(request& r)
{
    auto const target = r.target;
    if (target.empty() || target.front() != '/' ||
        !std::all_of(target.begin(), target.end(), is_visible)) {
        return bad_request("the request target must be a path, such as /health");
    }
    if (target.find('#') != target.npos) return bad_request("a request target has no fragment");
    auto const path = target.substr(0, target.find('?'));
    auto const slashes = std::count(path.begin(), path.end(), '/');
    if (!percent_decode(path, r.path) || std::count(r.path.begin(), r.path.end(), '/') != slashes ||
        !is_plain_path(r.path)) {
        return bad_request("the path can not be read");
    }
    if (path.size() == target.size()) return std::nullopt;
    return read_query(target.substr(path.size() + 1), r);
}

}  // namespace

bool percent_decode(std::string_view text, std::string& out)
{
    out.clear();
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const plain = text.substr(i, text.find('%', i) - i);
        out += plain;
        i += plain.size();
        if (i == text.size()) break;
        unsigned value = 0;
        auto const* const first = text.data() + i + 1;
        auto const* const last = text.data() + std::min(text.size(), i + 3);
        auto const [end, failed] = std::from_chars(first, last, value, 16);
        if (failed != std::errc() || end != first + 2) return false;
        out += static_cast<char>(value);
        i += 2;
    }
    return true;
}

refusal refuse_head_bytes(std::string_view text, std::size_t from)
{
    if (from > 0 && from < text.size() && text[from] == '\n') --from;  // a line end as a whole
    std::size_t allowed = 0;
    for (auto end = text.find('\r', from); end != text.npos; end = text.find('\r', end + 1)) {
        auto const next = text.substr(std::min(end + 1, text.size()), 2);
        if (!next.empty() && next[0] != '\n') break;
        if (next.size() == 2 && (next[1] == ' ' || next[1] == '\t'))
            return bad_request("a header line continues the one before");
        allowed += next.empty() ? 1 : 2;
    }
    if (count_controls(text.substr(std::min(from, text.size()))) == allowed) return std::nullopt;
    return bad_request("the header holds a control character");
}

gate_refusal head_too_large(std::string_view head)
{
    bool const first_line_fits = head.substr(0, gate_limits::head_bytes).find('\n') != head.npos;
    if (first_line_fits) {
        return {431, "header_too_large", "the header is larger than 16 KiB"};
    }
    return {414, "uri_too_long", "the request line is longer than 16 KiB"};
}

gate_refusal too_many_bodies()
{
    return {503, "overloaded", "too many large bodies are on their way; try again in a moment", 1};
}

refusal pass_gate(request& r, framing& f)
{
    if (r.fields.size() > gate_limits::fields) {
        return gate_refusal{431, "header_too_large", "the header has more than 100 fields"};
    }
    if (auto refused = check_host(r)) return refused;
    if (r.header_count("Authorization") > 1)  // which of them a proxy heeds, nobody knows
        return bad_request("there is more than one Authorization");
    if (auto refused = check_framing(r, f)) return refused;
    if (auto refused = check_expectation(r, f)) return refused;
    if (std::find(known_methods.begin(), known_methods.end(), r.method) == known_methods.end()) {
        return bad_request("the method is not known");
    }
    return read_target(r);
}

}  // namespace aircargo::server
