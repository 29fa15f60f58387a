#pragma once

#include "config/setting_errors.hpp"
#include "limits/network.hpp"
#include <aircargo/core/result.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Settings that name several things, with commas between them.
namespace aircargo::server {

/// The parts between commas; none of an empty text.
[[nodiscard]] inline std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto const part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        parts.emplace_back(part);
    }
    return parts;
}

[[nodiscard]] inline result<ip_networks> read_networks(std::string_view setting,
                                                       std::string_view text)
{
    ip_networks networks;
    for (auto const& part : split(text)) {
        auto const network = ip_network::parse(part);
        if (!network) {
            return bad_setting(setting, part,
                               "addresses or networks with commas, such as 10.0.0.0/8,::1");
        }
        networks.push_back(*network);
    }
    return networks;
}

}  // namespace aircargo::server
