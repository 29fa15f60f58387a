// The airports of the demo schedule where most shortest journeys change, as a table.

#include <aircargo/routing/hubs.hpp>
#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/demo_schedule.hpp>
#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

using namespace aircargo;

std::string place_of(airport_code code)
{
    auto const* const at = find_airport(code);
    return at ? at->name + ", " + at->city : "?";
}

/// In letters, of which each may be several bytes.
std::size_t width_of(std::string const& text)
{
    auto const is_letter = [](char c) { return (c & '\xC0') != '\x80'; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_letter));
}

std::string padded(std::string const& text, std::size_t width)
{
    return text + std::string(width - std::min(width, width_of(text)), ' ');
}

void print(std::vector<hub> const& hubs)
{
    std::size_t width = 0;
    for (auto const& h : hubs) width = std::max(width, width_of(place_of(h.airport)));
    std::cout << "rank  code  " << padded("airport", width) << "   share  lanes out  lanes in\n";
    std::size_t rank = 0;
    for (auto const& h : hubs) {
        std::cout << std::setw(4) << ++rank << "  " << h.airport.str() << "   "
                  << padded(place_of(h.airport), width) << std::setw(7) << std::fixed
                  << std::setprecision(1) << 100 * h.share << '%' << std::setw(11) << h.lanes_out
                  << std::setw(10) << h.lanes_in << '\n';
    }
}

int main()
{
    schedule const s(demo_schedule(parse_date("2026-12-01").value(), 7));
    std::cout << "Where cargo changes: " << s.size() << " flights between " << s.airports().size()
              << " airports\n\n";
    print(central_hubs(s, 20));
    std::cout << "\nshare: of all pairs of airports, those whose shortest journey changes there\n";
}
