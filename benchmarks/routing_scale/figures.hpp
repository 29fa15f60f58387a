#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::bench {

class stopwatch {
public:
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(clock::now() - start_).count();
    }
    [[nodiscard]] double microseconds() const { return seconds() * 1e6; }

private:
    using clock = std::chrono::steady_clock;
    clock::time_point start_ = clock::now();
};

/// Seconds that `use` takes.
template <class Use>
[[nodiscard]] double seconds_of(Use use)
{
    stopwatch const watch;
    use();
    return watch.seconds();
}

/// The value that so large a share lies below: 0.5 is the median. \pre not empty
[[nodiscard]] double quantile(std::vector<double> values, double share);
[[nodiscard]] inline double median(std::vector<double> values)
{
    return quantile(std::move(values), 0.5);
}

/// What a figure should stay below.
using target = std::optional<double>;

/// Starts a part of the output.
void print_heading(std::string const& text);
/// One line: what, how much, in which unit, and whether the target is met.
void print_figure(std::string const& what, double value, std::string const& unit,
                  target below = {});

}  // namespace aircargo::bench
