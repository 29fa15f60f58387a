#include "limits/network.hpp"
#include <arpa/inet.h>
#include <algorithm>
#include <charconv>
#include <cstring>

namespace aircargo::server {
namespace {

constexpr std::array<std::uint8_t, 12> v4_in_v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_offset = 96;  // bits

[[nodiscard]] std::optional<unsigned> parse_bits(std::string_view text)
{
    unsigned bits = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return bits;
}

}  // namespace

std::optional<ip_address> ip_address::parse(std::string_view text)
{
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    std::array<char, INET6_ADDRSTRLEN> ended{};
    if (text.size() >= ended.size() || text.find('\0') != text.npos) return std::nullopt;
    std::copy(text.begin(), text.end(), ended.begin());

    ip_address made;
    if (::inet_pton(AF_INET6, ended.data(), made.bytes_.data()) == 1) return made;
    std::copy(v4_in_v6.begin(), v4_in_v6.end(), made.bytes_.begin());
    if (::inet_pton(AF_INET, ended.data(), made.bytes_.data() + v4_in_v6.size()) == 1) return made;
    return std::nullopt;
}

ip_address ip_address::from_v4(in_addr const& address) noexcept
{
    ip_address made;
    std::copy(v4_in_v6.begin(), v4_in_v6.end(), made.bytes_.begin());
    std::memcpy(made.bytes_.data() + v4_in_v6.size(), &address, sizeof address);
    return made;
}

ip_address ip_address::from_v6(in6_addr const& address) noexcept
{
    ip_address made;
    std::memcpy(made.bytes_.data(), &address, sizeof address);
    return made;
}

bool ip_address::is_v4() const noexcept
{
    return std::equal(v4_in_v6.begin(), v4_in_v6.end(), bytes_.begin());
}

std::string ip_address::str() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v4()) {
        ::inet_ntop(AF_INET, bytes_.data() + v4_in_v6.size(), text.data(), text.size());
    } else {
        ::inet_ntop(AF_INET6, bytes_.data(), text.data(), text.size());
    }
    return text.data();
}

ip_address ip_address::masked(unsigned bits) const noexcept
{
    auto kept = *this;
    for (unsigned i = 0; i < kept.bytes_.size(); ++i) {
        auto const of_this = std::clamp(static_cast<int>(bits) - static_cast<int>(8 * i), 0, 8);
        kept.bytes_[i] = static_cast<std::uint8_t>(kept.bytes_[i] & (0xff00U >> of_this));
    }
    return kept;
}

std::optional<ip_network> ip_network::parse(std::string_view text)
{
    auto const slash = text.find('/');
    auto const address = ip_address::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    unsigned const most = address->is_v4() ? 32 : 128;
    auto const bits = slash == text.npos ? most : parse_bits(text.substr(slash + 1));
    if (!bits || *bits > most) return std::nullopt;
    auto const of_128 = address->is_v4() ? v4_offset + *bits : *bits;
    if (address->masked(of_128) != *address) return std::nullopt;  // bits beyond the network
    return ip_network(*address, of_128);
}

}  // namespace aircargo::server
