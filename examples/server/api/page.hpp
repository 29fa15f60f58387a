#pragma once

#include "app.hpp"
#include "http/message.hpp"
#include "page/web_page.hpp"

/// The web page's files. They are no part of the API: they stand in no table and no description,
/// are for everybody, and take any query, which is for the page's script.
namespace aircargo::server {

/// What the page has under the path; nothing where it has nothing, or there is no page.
[[nodiscard]] web_file const* page_file_of(app const& a, request const& r);

/// Answers with the file; 405 to what is no GET or HEAD.
void answer_file(exchange& x, web_file const& file);

/// What is answered to a path that leads nowhere: the page's own words where somebody may have
/// typed it, else a problem.
[[nodiscard]] reply nothing_there(app const& a, request const& r);

}  // namespace aircargo::server
