#pragma once

#include <aircargo/core/result.hpp>
#include <string>
#include <string_view>

namespace aircargo::server {

[[nodiscard]] inline error bad_setting(std::string_view setting, std::string_view value,
                                       std::string_view wanted)
{
    return refuse(errc::invalid_request, std::string(setting) + " is '" + std::string(value) +
                                             "', but must be " + std::string(wanted));
}

/// What tells the kinds of backends apart; what comes behind it may hold a password.
[[nodiscard]] inline std::string_view scheme_of(std::string_view text)
{
    return text.substr(0, text.find_first_of(":= "));
}

}  // namespace aircargo::server
