#pragma once

#include <prometheus/metric_family.h>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {

/// One look at the numbers, in the text format of Prometheus 0.0.4. A family is begun with its name
/// and help; the values that follow are its series.
class metric_page {
public:
    using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    metric_page& counter(std::string_view name, std::string_view help);
    metric_page& gauge(std::string_view name, std::string_view help);
    metric_page& histogram(std::string_view name, std::string_view help);

    metric_page& value(double v, labels of = {});
    metric_page& value(std::uint64_t v, labels of = {})
    {
        return value(static_cast<double>(v), of);
    }
    metric_page& seconds(std::chrono::nanoseconds t, labels of = {})
    {
        return value(std::chrono::duration<double>(t).count(), of);
    }
    /// Of a histogram: how many lie in each class, the last of which has no upper bound.
    metric_page& classes(std::span<double const> upper_bounds,
                         std::span<std::uint64_t const> counts, double sum, labels of = {});

    [[nodiscard]] std::string text() const;

private:
    metric_page& begin(std::string_view name, std::string_view help, prometheus::MetricType type);
    prometheus::ClientMetric& add(labels of);

    std::vector<prometheus::MetricFamily> families_;
};

}  // namespace aircargo::server
