#include "docs_page/swagger_ui.hpp"
#include "embedded/docs_page_without_swagger_ui_html.hpp"

namespace aircargo::server {

std::string_view docs_page() noexcept { return detail::docs_page_without_swagger_ui_html; }

std::span<page_file const> docs_page_files() noexcept { return {}; }

}  // namespace aircargo::server
