#include "observe/traffic.hpp"

namespace aircargo::server {
namespace {

template <class Array>
void add_each(Array& to, Array const& what)
{
    std::transform(to.begin(), to.end(), what.begin(), to.begin(), std::plus<>());
}

}  // namespace

latency_histogram& latency_histogram::operator+=(latency_histogram const& other)
{
    add_each(counts, other.counts);
    sum += other.sum;
    return *this;
}

route_traffic& route_traffic::operator+=(route_traffic const& other)
{
    add_each(by_class, other.by_class);
    latency += other.latency;
    return *this;
}

traffic& traffic::operator+=(traffic const& other)
{
    routes.resize(std::max(routes.size(), other.routes.size()));
    for (std::size_t i = 0; i < other.routes.size(); ++i) routes[i] += other.routes[i];
    for (auto const& [code, count] : other.errors) errors[code] += count;
    return *this;
}

void traffic_counter::count(std::size_t route, unsigned status, std::string_view code,
                            std::chrono::nanoseconds took)
{
    std::scoped_lock const lock(mutex_);
    if (route >= counts_.routes.size()) counts_.routes.resize(route + 1);
    auto& r = counts_.routes[route];
    ++r.by_class[std::clamp(status / 100, 1U, 5U) - 1];
    r.latency.add(took);
    if (code.empty()) return;
    auto error = counts_.errors.find(code);
    if (error == counts_.errors.end()) error = counts_.errors.emplace(code, 0).first;
    ++error->second;
}

}  // namespace aircargo::server
