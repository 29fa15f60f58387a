#pragma once

#include "api/problem.hpp"
#include "app.hpp"
#include "http/message.hpp"
#include "limits/request_limits.hpp"
#include <string>

namespace aircargo::server {

/// Takes a request to the handler of its route:
///
///     find the route -> (open door) -> who asks -> count -> may it -> what it carries -> handler
///
/// and answers it where it does not get through. What the steps learn (who asks, from where, how
/// much is left) goes into the request.
void dispatch(app& a, request& r, exchange_ptr x);

// Refusals that handlers have in common with it.
[[nodiscard]] problem forbidden(std::string detail);
[[nodiscard]] problem too_many(counted_request const& counted, rate_answer const& answer);

}  // namespace aircargo::server
