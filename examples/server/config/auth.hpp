#pragma once

#include "auth/signing_key.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/store/account_store.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::server {

/// Who may come in and how, as it was given.
struct auth_settings {
    std::string auth = "required";
    std::string hosts;
    std::string jwt_secret;
    std::string jwt_old_secret;
    std::string jwt_key_file;
    std::string jwt_old_key_file;
    unsigned token_time_s = 15 * 60;
    unsigned refresh_time_s = 30 * 24 * 3600;
    std::string registration = "agent";
};

/// Who may come in and how, as the program understands it.
struct auth_config {
    bool required;                      ///< else everybody may do everything
    std::vector<std::string> hosts;     ///< then what it is called besides this machine's names
    std::vector<signing_key_ptr> keys;  ///< of access tokens; the first one signs
    bool keys_are_drawn;                ///< nobody gave one, so there is one for this process
    std::chrono::seconds token_time;
    std::chrono::seconds refresh_time;
    std::optional<account_role> registration;  ///< what who registers becomes; nothing: closed
};

/// \return `invalid_request` with one sentence that names the setting and what it takes
[[nodiscard]] result<auth_config> read_auth(auth_settings const& given);

}  // namespace aircargo::server
