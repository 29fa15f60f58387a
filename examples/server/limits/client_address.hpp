#pragma once

#include "http/message.hpp"
#include "limits/network.hpp"
#include <string>

namespace aircargo::server {

/// The address that a request came from. Proxies add the address of who called them to the end of
/// X-Forwarded-For; what stands before the last address that a trusted proxy vouches for may be
/// made up. So it is read from the right, through trusted proxies only, and without any it is not
/// read at all.
[[nodiscard]] std::string client_address(request const& r, ip_networks const& trusted);

/// Whose requests are counted together: the address, but of IPv6 its network of 64 bits, since
/// whoever has one address of that has all of them.
[[nodiscard]] std::string counted_address(std::string const& client);

}  // namespace aircargo::server
