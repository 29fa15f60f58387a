#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aircargo::test {

/// A folder of the test's own, gone when the test ends.
class temp_folder {
public:
    temp_folder()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "aircargo-test-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder " + name);
        path_ = name;
    }
    ~temp_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temp_folder(temp_folder const&) = delete;
    temp_folder& operator=(temp_folder const&) = delete;

    /// The path of `name` in it.
    [[nodiscard]] std::string operator/(std::string_view name) const
    {
        return (path_ / name).string();
    }

    /// Writes a file and tells its path.
    [[nodiscard]] std::string file(std::string_view name, std::string_view contents) const
    {
        std::ofstream(*this / name, std::ios::binary) << contents;
        return *this / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace aircargo::test
