#include "redis/url.hpp"
#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace aircargo::detail {
namespace {

constexpr std::string_view tcp_scheme = "redis://";
constexpr std::string_view socket_scheme = "unix://";
constexpr int most_databases = 1'000'000;

[[nodiscard]] error bad(std::string_view what)
{
    return refuse(errc::invalid_request, "the URL of Redis " + std::string(what));
}

[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        auto const digits = text.substr(i + 1, 2);
        auto const [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (failed != std::errc() || digits.size() != 2 || end != digits.data() + 2 || byte == 0)
            return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

template <class Number>
[[nodiscard]] bool read_number(std::string_view text, Number most, Number& into)
{
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
    return failed == std::errc() && end == text.data() + text.size() && into <= most;
}

/// `USER:PASSWORD`, `:PASSWORD`, or `USER`, which is refused, since it would be taken for a
/// password by some.
[[nodiscard]] result<void> read_credentials(std::string_view text, redis_url& url)
{
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return bad("has a user without a password: write USER:PASSWORD@");
    auto user = percent_decoded(text.substr(0, colon));
    auto password = percent_decoded(text.substr(colon + 1));
    if (user && !user->empty() && password && password->empty())
        return bad("has a user with an empty password");
    if (!user || !password) return bad("has a user or password with a '%' that is not %XX");
    url.user = *std::move(user);
    url.password = *std::move(password);
    return {};
}

/// Of a name or an address, also one with a zone.
[[nodiscard]] bool may_be_in_host(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._:%").find(c) != std::string_view::npos;
}

[[nodiscard]] result<void> read_host_and_port(std::string_view text, redis_url& url)
{
    constexpr std::string_view wanted = "must name HOST or HOST:PORT, an IPv6 host as [::1]";
    auto port = std::string_view();
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return bad(wanted);
        url.host = text.substr(1, end - 1);
        if (end + 1 < text.size() && text[end + 1] != ':') return bad(wanted);
        port = end + 1 < text.size() ? text.substr(end + 2) : "6379";
    } else {
        auto const colon = text.find(':');
        url.host = text.substr(0, colon);
        port = colon == std::string_view::npos ? "6379" : text.substr(colon + 1);
    }
    constexpr std::uint16_t most = 65'535;
    if (url.host.empty() || !std::all_of(url.host.begin(), url.host.end(), may_be_in_host) ||
        !read_number(port, most, url.port) || url.port == 0)
        return bad(wanted);
    return {};
}

[[nodiscard]] result<void> read_database(std::string_view text, redis_url& url)
{
    if (read_number(text, most_databases, url.database) && url.database >= 0) return {};
    return bad("must end with the number of a database or with nothing");
}

[[nodiscard]] result<redis_url> parse_tcp(std::string_view rest, redis_url url)
{
    auto const slash = rest.find('/');
    if (auto read = read_host_and_port(rest.substr(0, slash), url); !read) return read.error();
    if (slash != std::string_view::npos && slash + 1 < rest.size()) {
        if (auto read = read_database(rest.substr(slash + 1), url); !read) return read.error();
    }
    return url;
}

[[nodiscard]] result<redis_url> parse_socket(std::string_view rest, redis_url url)
{
    auto const question = rest.find('?');
    auto path = percent_decoded(rest.substr(0, question));
    if (!path || !path->starts_with('/')) return bad("must name a socket's path: unix:///PATH");
    url.socket = *std::move(path);
    if (question == std::string_view::npos) return url;
    constexpr std::string_view parameter = "db=";
    auto const query = rest.substr(question + 1);
    if (!query.starts_with(parameter)) return bad("takes no parameter but db, as ?db=1");
    if (auto read = read_database(query.substr(parameter.size()), url); !read) return read.error();
    return url;
}

}  // namespace

result<redis_url> parse_redis_url(std::string_view text)
{
    if (text.starts_with("rediss://")) {
        return bad(
            "asks for TLS, which this build's Redis library can not do: "
            "put a TLS proxy in between, or use redis://");
    }
    bool const is_socket = text.starts_with(socket_scheme);
    if (!is_socket && !text.starts_with(tcp_scheme))
        return bad("must begin with redis:// or unix://");
    auto rest = text.substr(is_socket ? socket_scheme.size() : tcp_scheme.size());

    // The last '@' before the path ends the credentials, so that one in a password does no harm.
    redis_url url;
    auto const path = is_socket ? rest.find("@/") : rest.rfind('@');
    if (path != std::string_view::npos) {
        if (auto read = read_credentials(rest.substr(0, path), url); !read) return read.error();
        rest = rest.substr(path + 1);
    }
    return is_socket ? parse_socket(rest, std::move(url)) : parse_tcp(rest, std::move(url));
}

}  // namespace aircargo::detail
