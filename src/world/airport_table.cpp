#include "common/csv.hpp"
#include "embedded/airports_csv.hpp"
#include <aircargo/core/assert.hpp>
#include <aircargo/world/airport_table.hpp>
#include <algorithm>
#include <charconv>
#include <vector>

namespace aircargo {
namespace {

[[nodiscard]] double to_degrees(std::string const& text)
{
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The file is part of the program, so a line that can not be read is our bug; a test counts the
/// lines.
[[nodiscard]] std::vector<airport> read_table()
{
    std::vector<airport> airports;
    std::string_view rest = detail::airports_csv;
    std::vector<std::string> fields;
    (void)detail::take_line(rest);  // the header
    while (!rest.empty()) {
        bool const sound = detail::split_csv(detail::take_line(rest), fields) && fields.size() == 7;
        auto const code =
            sound ? airport_code::parse(fields[0]) : refuse(errc::invalid_airport_code, "");
        AIRCARGO_ASSERT(code.has_value());
        if (!code) continue;
        airports.push_back({*code, fields[1], fields[2], fields[3], to_degrees(fields[4]),
                            to_degrees(fields[5]), fields[6]});
    }
    return airports;
}

}  // namespace

std::span<airport const> all_airports()
{
    static std::vector<airport> const table = read_table();
    return table;
}

airport const* find_airport(airport_code code)
{
    auto const airports = all_airports();
    auto const found =
        std::lower_bound(airports.begin(), airports.end(), code,
                         [](airport const& a, airport_code c) { return a.code < c; });
    return found != airports.end() && found->code == code ? &*found : nullptr;
}

}  // namespace aircargo
