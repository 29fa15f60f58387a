#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// The text of each script that stands in the page itself, as a browser reads it.
[[nodiscard]] std::vector<std::string> inline_scripts(std::string_view html);

/// A Content-Security-Policy that lets a page load from its own site alone, and run the scripts
/// that stand in it now and no other.
[[nodiscard]] std::string policy_of_page(std::string_view html);

}  // namespace aircargo::server
