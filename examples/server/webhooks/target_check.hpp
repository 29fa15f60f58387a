#pragma once

#include "limits/network.hpp"
#include <optional>
#include <string>
#include <string_view>

/// Where webhooks may lead. Whoever may set one up must not reach through it what only the server
/// can reach: addresses of its own network, of the machine, of a cloud's metadata.
namespace aircargo::server {

/// Whether anybody on the internet may have this address.
[[nodiscard]] bool is_public(ip_address const& address);

enum class target_scheme { http, https };

/// Why nothing is sent to an address that a name stands for; nothing when it may be. What is not
/// public must be in one of the networks `allowed`; so must be whoever is to get it without TLS.
[[nodiscard]] std::optional<std::string> refuse_address(ip_address const& address,
                                                        target_scheme scheme,
                                                        ip_networks const& allowed);

/// Why a URL can not be a webhook's; nothing when it can, as far as that shows without DNS.
[[nodiscard]] std::optional<std::string> refuse_url(std::string const& url,
                                                    ip_networks const& allowed);

}  // namespace aircargo::server
