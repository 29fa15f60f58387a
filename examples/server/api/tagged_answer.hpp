#pragma once

#include "http/message.hpp"
#include <string>

/// What answers of files share.
namespace aircargo::server {

/// Whether gzip is among the Accept-Encoding, other than with the weight 0.
[[nodiscard]] bool takes_gzip(request const& r);

/// Answers with an ETag; 304 where the client has it already.
void answer_tagged(exchange& x, reply r, std::string const& etag);

}  // namespace aircargo::server
