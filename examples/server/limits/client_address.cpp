#include "limits/client_address.hpp"
#include <optional>
#include <string_view>
#include <vector>

namespace aircargo::server {
namespace {

/// The last item of a list with commas, taken off it.
[[nodiscard]] std::string_view take_last(std::string_view& list)
{
    auto const comma = list.rfind(',');
    auto item = comma == list.npos ? list : list.substr(comma + 1);
    list = comma == list.npos ? std::string_view() : list.substr(0, comma);
    auto const first = item.find_first_not_of(" \t");
    if (first == item.npos) return {};
    return item.substr(first, item.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string client_address(request const& r, ip_networks const& trusted)
{
    auto address = trusted.empty() ? std::nullopt : ip_address::parse(r.peer);
    if (!address || !hold(trusted, *address)) return r.peer;
    for (auto field = r.fields.rbegin(); field != r.fields.rend(); ++field) {
        if (!equal_without_case(field->name, "X-Forwarded-For")) continue;
        auto rest = field->value;
        while (!rest.empty()) {
            auto const before = ip_address::parse(take_last(rest));
            if (!before) return address->str();  // the proxy knew no more
            address = before;
            if (!hold(trusted, *address)) return address->str();
        }
    }
    return address->str();
}

std::string counted_address(std::string const& client)
{
    constexpr unsigned network_bits = 64;
    if (client.find(':') == client.npos) return client;
    auto const address = ip_address::parse(client);
    if (!address) return client;
    if (address->is_v4()) return address->str();
    return address->masked(network_bits).str() + "/64";
}

}  // namespace aircargo::server
