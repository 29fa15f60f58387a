#include "observe/metric_page.hpp"
#include <aircargo/core/assert.hpp>
#include <prometheus/text_serializer.h>
#include <limits>

namespace aircargo::server {

metric_page& metric_page::begin(std::string_view name, std::string_view help,
                                prometheus::MetricType type)
{
    families_.push_back({std::string(name), std::string(help), type, {}});
    return *this;
}

metric_page& metric_page::counter(std::string_view name, std::string_view help)
{
    return begin(name, help, prometheus::MetricType::Counter);
}

metric_page& metric_page::gauge(std::string_view name, std::string_view help)
{
    return begin(name, help, prometheus::MetricType::Gauge);
}

metric_page& metric_page::histogram(std::string_view name, std::string_view help)
{
    return begin(name, help, prometheus::MetricType::Histogram);
}

prometheus::ClientMetric& metric_page::add(labels of)
{
    AIRCARGO_ASSERT(!families_.empty());
    auto& metric = families_.back().metric.emplace_back();
    for (auto const& [name, text] : of)
        metric.label.push_back({std::string(name), std::string(text)});
    return metric;
}

metric_page& metric_page::value(double v, labels of)
{
    auto& metric = add(of);
    metric.counter.value = v;  // the family's type says which of them is looked at
    metric.gauge.value = v;
    return *this;
}

metric_page& metric_page::classes(std::span<double const> upper_bounds,
                                  std::span<std::uint64_t const> counts, double sum, labels of)
{
    AIRCARGO_ASSERT(counts.size() == upper_bounds.size() + 1);
    auto& h = add(of).histogram;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        h.sample_count += counts[i];
        bool const last = i == upper_bounds.size();
        h.bucket.push_back(
            {h.sample_count, last ? std::numeric_limits<double>::infinity() : upper_bounds[i]});
    }
    h.sample_sum = sum;
    return *this;
}

std::string metric_page::text() const { return prometheus::TextSerializer().Serialize(families_); }

}  // namespace aircargo::server
