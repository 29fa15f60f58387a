#pragma once

#include "api/openapi/operation.hpp"
#include <vector>

/// The header fields of requests and answers, each described once and meant by name elsewhere.
namespace aircargo::server::docs {

[[nodiscard]] std::vector<parameter> request_fields();
[[nodiscard]] std::vector<parameter> answer_fields();

}  // namespace aircargo::server::docs
