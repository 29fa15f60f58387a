#include "api/route_cursor.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

namespace aircargo::server {
namespace {

/// The order, then two keys: `value,arrival,departure`, the numbers of all legs, then their ids in
/// plain text; the whole cursor is then written in hexadecimal.
constexpr std::size_t times_of_key = 3;

/// Sorts behind every itinerary there is.
[[nodiscard]] itinerary_key end_of_list()
{
    constexpr auto last = flight_id(std::numeric_limits<std::int64_t>::max());
    auto const number = *flight_number::parse("ZZ9999Z");
    return {utc_time::max(),
            utc_time::min(),
            {number},
            {last},
            std::numeric_limits<std::int64_t>::max()};
}

[[nodiscard]] itinerary_key after(std::vector<itinerary> const& list, route_query const& query)
{
    return list.size() < query.limit ? end_of_list() : key_of(list.back(), query);
}

void append(std::string& out, itinerary_key const& key)
{
    out += std::to_string(key.value) + ',' + std::to_string(to_epoch(key.arrival)) + ',' +
           std::to_string(to_epoch(key.departure));
    for (auto const& number : key.numbers) (out += ',') += number.str();
    for (auto id : key.ids) (out += ',') += std::to_string(static_cast<std::int64_t>(id));
}

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        auto const part = text.substr(0, text.find(separator));
        parts.push_back(part);
        if (part.size() == text.size()) return parts;
        text.remove_prefix(part.size() + 1);
    }
}

[[nodiscard]] std::optional<std::int64_t> read_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                     : std::nullopt;
}

[[nodiscard]] std::optional<itinerary_key> read_key(std::string_view text)
{
    auto const parts = split(text, ',');
    if (parts.size() < times_of_key + 2 || (parts.size() - times_of_key) % 2 != 0) {
        return std::nullopt;
    }
    auto const legs = (parts.size() - times_of_key) / 2;
    auto const value = read_number(parts[0]);
    auto const arrival = read_number(parts[1]);
    auto const departure = read_number(parts[2]);
    if (legs > itinerary::max_legs || !value || !arrival || !departure) return std::nullopt;
    std::vector<flight_number> numbers;
    std::vector<flight_id> ids;
    for (std::size_t leg = 0; leg < legs; ++leg) {
        auto const number = flight_number::parse(parts[times_of_key + leg]);
        auto const id = read_number(parts[times_of_key + legs + leg]);
        if (!number || !id) return std::nullopt;
        numbers.push_back(*number);
        ids.push_back(flight_id(*id));
    }
    return itinerary_key(from_epoch(*arrival), from_epoch(*departure), numbers, ids, *value);
}

[[nodiscard]] std::string from_hex(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        unsigned byte = 0;
        auto const [end, failed] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
        if (failed != std::errc() || end != text.data() + i + 2) return {};
        out += static_cast<char>(byte);
    }
    return out;
}

}  // namespace

std::string_view name_of(route_order order) noexcept
{
    switch (order) {
        case route_order::arrival: return "arrival";
        case route_order::departure: return "departure";
        case route_order::duration: return "duration";
        case route_order::cost: return "cost";
    }
    return "?";
}

result<route_order> parse_order(std::string_view text)
{
    auto const found = std::find_if(route_orders.begin(), route_orders.end(),
                                    [&](route_order order) { return name_of(order) == text; });
    if (found != route_orders.end()) return *found;
    return refuse(errc::invalid_request, "must be arrival, departure or duration");
}

route_cursor route_cursor::behind(route_answer const& answer, route_query const& query)
{
    return {query.order, after(answer.direct, query), after(answer.transit, query)};
}

std::string route_cursor::str() const
{
    std::string plain(name_of(order));
    plain += ';';
    append(plain, *direct_after);
    plain += ';';
    append(plain, *transit_after);
    return to_hex({reinterpret_cast<unsigned char const*>(plain.data()), plain.size()});
}

result<route_cursor> route_cursor::parse(std::string_view text)
{
    auto const plain = from_hex(text);
    auto const keys = split(plain, ';');  // behind the order
    if (text.size() % 2 == 0 && keys.size() == 3) {
        auto const order = parse_order(keys[0]);
        auto const direct = read_key(keys[1]);
        auto const transit = read_key(keys[2]);
        if (order && direct && transit) return route_cursor{*order, direct, transit};
    }
    return refuse(errc::invalid_request, "is not a cursor that a search gave");
}

}  // namespace aircargo::server
