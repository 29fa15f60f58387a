#pragma once

#include "auth/account_service.hpp"
#include "http/message.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aircargo::server {

/// The two cookies by which a browser stays logged in: the access token, for all of the API, and
/// the refresh token, for the routes of the session alone. Thread-safe.
class session_cookies {
public:
    /// \param https whether browsers reach this server by HTTPS
    session_cookies(bool https, std::chrono::seconds refresh_time);

    /// What a request brings; an API key is not for cookies, and so none.
    [[nodiscard]] std::optional<std::string_view> access_token(request const& r) const;
    [[nodiscard]] std::optional<std::string_view> refresh_token(request const& r) const;

    /// Gives both to the browser.
    void give(reply& out, token_grant const& grant) const;
    /// Takes both away from it.
    void clear(reply& out) const;

private:
    bool https_;
    std::chrono::seconds refresh_time_;
    std::string access_name_;
    std::string refresh_name_;
};

}  // namespace aircargo::server
