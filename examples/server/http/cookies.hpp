#pragma once

#include "http/message.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Cookies as RFC 6265 writes them.
namespace aircargo::server {

/// What the request has under this name. Nothing where it is there twice: then somebody else has
/// set one too, for a part of this site or all of its domain, and which one is ours nobody knows.
[[nodiscard]] std::optional<std::string_view> cookie_in(request const& r, std::string_view name);

/// A cookie for this site alone, which no script reads and which comes with nothing that another
/// site began.
struct site_cookie {
    std::string_view name;
    std::string_view path;  ///< of the requests that it comes with
    bool https_only;
};

/// The value of Set-Cookie that gives it for so long, or takes it away where that is 0.
/// \param value without blanks, quotes, commas, semicolons and backslashes
[[nodiscard]] std::string set_cookie(site_cookie const& cookie, std::string_view value,
                                     std::chrono::seconds kept);

}  // namespace aircargo::server
