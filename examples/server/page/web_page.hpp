#pragma once

#include <aircargo/core/result.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aircargo::server {

/// What is answered to a path of the web page.
struct web_file {
    std::string_view content_type;
    std::string_view cache_control;
    std::string policy;  ///< what a page may load; empty: nothing
    std::string body;
    std::string gzipped;   ///< empty where it would not be shorter
    std::string etag;      ///< of the body, with its quotes
    std::string location;  ///< where it is instead; then there is nothing else
};

/// The web page: files that are read once, from the folder that Next.js exports, and then kept in
/// memory. Only what was there then has a path, so no path leads out of the folder.
class web_page {
public:
    static constexpr std::size_t most_bytes = 64 * 1024 * 1024;
    static constexpr std::size_t most_files = 10'000;

    /// \return the page, or `invalid_request` with what is wrong with the folder
    [[nodiscard]] static result<web_page> read(std::filesystem::path const& folder);

    /// \param path decoded, such as `/bookings/` \return nothing where there is none
    [[nodiscard]] web_file const* find(std::string_view path) const;
    /// What is shown instead of what is not there; nothing where the page has no such file.
    [[nodiscard]] web_file const* not_found() const { return find("/404.html"); }

    [[nodiscard]] std::size_t files() const noexcept { return count_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    [[nodiscard]] result<void> add(std::filesystem::path const& file, std::string const& name);

    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, web_file, text_hash, std::equal_to<>> by_path_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace aircargo::server
