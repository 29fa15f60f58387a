#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

/// How many threads can be busy at once.
namespace aircargo::server {

/// The cores that this process may run on; or fewer, if the quota of its control group, which is a
/// container's limit of CPU, comes to less. Of a core begun the whole. 1 at least.
[[nodiscard]] unsigned usable_cores();

/// What a quota comes to, as `cpu.max` of a control group (version 2) writes it: `150000 100000` is
/// 2. Nothing for `max 100000`, and for what can not be read.
[[nodiscard]] std::optional<unsigned> cores_in_quota(std::string_view cpu_max);

/// The least of a group's quota and those of the groups around it; nothing when none has one.
/// \param root where control groups are mounted
/// \param membership `/proc/self/cgroup`: a line `0::/path` names the group
[[nodiscard]] std::optional<unsigned> cores_in_group(std::filesystem::path const& root,
                                                     std::string_view membership);

}  // namespace aircargo::server
