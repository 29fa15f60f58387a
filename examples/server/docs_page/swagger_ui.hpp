#pragma once

#include <span>
#include <string_view>

/// The files behind /docs, which are part of the program.
namespace aircargo::server {

struct page_file {
    std::string_view name;
    std::string_view content_type;
    std::string_view bytes;
    bool gzipped;
};

/// The page; `{version}` stands where the version of the files belongs.
[[nodiscard]] std::string_view docs_page() noexcept;

/// What the page loads; nothing where swagger-ui-dist was missing when the program was built.
[[nodiscard]] std::span<page_file const> docs_page_files() noexcept;

}  // namespace aircargo::server
