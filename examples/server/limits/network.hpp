#pragma once

#include <netinet/in.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// An address of IPv4 or IPv6. One of IPv4 is kept as IPv6 writes it (::ffff:192.0.2.7), so that it
/// is the same however a socket or a proxy spells it.
class ip_address {
public:
    /// `192.0.2.7`, `2001:db8::7` or `[2001:db8::7]`, without a port or a zone.
    [[nodiscard]] static std::optional<ip_address> parse(std::string_view text);

    [[nodiscard]] static ip_address from_v4(in_addr const& address) noexcept;
    [[nodiscard]] static ip_address from_v6(in6_addr const& address) noexcept;

    [[nodiscard]] bool is_v4() const noexcept;
    [[nodiscard]] std::string str() const;

    /// The network that holds it and has so many bits, of 128.
    [[nodiscard]] ip_address masked(unsigned bits) const noexcept;

    friend bool operator==(ip_address const&, ip_address const&) = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Addresses with the same first bits: `10.0.0.0/8`; an address alone is a network of one.
class ip_network {
public:
    [[nodiscard]] static std::optional<ip_network> parse(std::string_view text);

    [[nodiscard]] bool holds(ip_address const& address) const noexcept
    {
        return address.masked(bits_) == first_;
    }

private:
    ip_network(ip_address const& first, unsigned bits) : first_(first), bits_(bits) {}

    ip_address first_;
    unsigned bits_;  // of 128
};

using ip_networks = std::vector<ip_network>;

/// Whether one of them does.
[[nodiscard]] inline bool hold(ip_networks const& networks, ip_address const& address)
{
    return std::any_of(networks.begin(), networks.end(),
                       [&](auto const& network) { return network.holds(address); });
}

}  // namespace aircargo::server
