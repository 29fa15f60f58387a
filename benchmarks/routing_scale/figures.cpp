#include "figures.hpp"
#include <algorithm>
#include <cstdio>

namespace aircargo::bench {

double quantile(std::vector<double> values, double share)
{
    auto const place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[static_cast<std::size_t>(place)];
}

void print_heading(std::string const& text)
{
    std::printf("\n%s\n", text.c_str());
    std::fflush(stdout);
}

void print_figure(std::string const& what, double value, std::string const& unit, target below)
{
    std::printf("  %-58s %10.2f %-13s", what.c_str(), value, unit.c_str());
    if (below) std::printf(" target < %g: %s", *below, value < *below ? "met" : "MISSED");
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace aircargo::bench
