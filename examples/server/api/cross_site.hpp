#pragma once

#include "api/problem.hpp"
#include "http/message.hpp"

/// Browsers send cookies also with what a page of somebody else makes them send. SameSite keeps
/// most of that away; this keeps away the rest.
namespace aircargo::server {

/// Whether a page of this server sent it: the request has a field that a page of another origin
/// can not add, and the browser does not say otherwise.
[[nodiscard]] bool is_of_own_page(request const& r);

[[nodiscard]] problem cross_site();

}  // namespace aircargo::server
