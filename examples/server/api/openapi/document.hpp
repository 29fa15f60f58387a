#pragma once

#include "api/openapi/schema.hpp"

namespace aircargo::server::docs {

/// The whole API as an OpenAPI 3.1 document, made from the route table.
[[nodiscard]] schema openapi_document();

}  // namespace aircargo::server::docs
