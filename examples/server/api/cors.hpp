#pragma once

#include "http/message.hpp"
#include <optional>
#include <span>
#include <string>

namespace aircargo::server {

/// Lets the pages of the named origins call us from a browser, by the Fetch standard: adds to the
/// answers what tells the browser so. Other pages get no such field, so that their browsers keep
/// our answers from them; without origins there is none at all.
/// \param methods of the path, with commas
/// \return the answer to a browser that only asks whether it may (a preflight)
[[nodiscard]] std::optional<reply> pass_cors(request& r, std::span<std::string const> origins,
                                             std::string_view methods);

}  // namespace aircargo::server
