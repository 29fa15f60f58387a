#include "observe/cores.hpp"
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <thread>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string text_of(std::filesystem::path const& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The path of the group of version 2, without its slash.
[[nodiscard]] std::optional<std::string> group_in(std::string_view membership)
{
    constexpr std::string_view version_2 = "0::/";
    std::istringstream lines{std::string(membership)};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(version_2)) return line.substr(version_2.size());
    return std::nullopt;
}

}  // namespace

std::optional<unsigned> cores_in_quota(std::string_view cpu_max)
{
    std::istringstream in{std::string(cpu_max)};
    std::int64_t quota = 0;
    std::int64_t period = 0;
    if (!(in >> quota >> period) || quota < 1 || period < 1) return std::nullopt;
    auto const begun = quota / period + (quota % period > 0 ? 1 : 0);
    return static_cast<unsigned>(
        std::min<std::int64_t>(begun, std::numeric_limits<std::int32_t>::max()));
}

std::optional<unsigned> cores_in_group(std::filesystem::path const& root,
                                       std::string_view membership)
{
    auto const group = group_in(membership);
    if (!group) return std::nullopt;
    std::optional<unsigned> least;
    auto const heed = [&](std::filesystem::path const& folder) {
        auto const cores = cores_in_quota(text_of(folder / "cpu.max"));
        if (cores) least = std::min(least.value_or(*cores), *cores);
    };
    heed(root);
    auto folder = root;
    for (auto const& part : std::filesystem::path(*group)) heed(folder /= part);
    return least;
}

unsigned usable_cores()
{
    auto const of_process = std::max(1U, std::thread::hardware_concurrency());
    auto const in_group = cores_in_group("/sys/fs/cgroup", text_of("/proc/self/cgroup"));
    return std::min(of_process, in_group.value_or(of_process));
}

}  // namespace aircargo::server
