#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::test {

/// A file of real data that may lie beside the checkout in `../shared/data`, or in the folder that
/// `AIRCARGO_SHARED_DATA` names.
inline std::optional<std::string> shared_data(std::string_view name)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> folders;
    if (char const* const given = std::getenv("AIRCARGO_SHARED_DATA")) {
        folders.emplace_back(given);
    } else {
#ifdef AIRCARGO_SOURCE_DIR
        folders.push_back(fs::path(AIRCARGO_SOURCE_DIR) / "../shared/data");
#endif
        // The build folder lies in the checkout, and tests run in it.
        for (auto at = fs::current_path(); at != at.parent_path(); at = at.parent_path()) {
            folders.push_back(at / "../shared/data");
        }
    }
    for (auto const& folder : folders) {
        std::error_code ignored;
        if (fs::exists(folder / name, ignored)) return (folder / name).string();
    }
    return std::nullopt;
}

}  // namespace aircargo::test
