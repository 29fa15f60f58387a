#include "docs_page/swagger_ui.hpp"
#include "embedded/docs_page_index_html.hpp"
#include "embedded/docs_page_start_js.hpp"
#include "embedded/swagger_ui_bundle_js.hpp"
#include "embedded/swagger_ui_css.hpp"
#include <array>

namespace aircargo::server {

std::string_view docs_page() noexcept { return detail::docs_page_index_html; }

std::span<page_file const> docs_page_files() noexcept
{
    static std::array const files{
        page_file{"swagger-ui-bundle.js", "text/javascript; charset=utf-8",
                  detail::swagger_ui_bundle_js(), true},
        page_file{"swagger-ui.css", "text/css; charset=utf-8", detail::swagger_ui_css(), true},
        page_file{"start.js", "text/javascript; charset=utf-8", detail::docs_page_start_js, false},
    };
    return files;
}

}  // namespace aircargo::server
