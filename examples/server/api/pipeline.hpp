#pragma once

#include "app.hpp"
#include "http/message.hpp"

namespace aircargo::server {

/// Takes a request to the handler of its route:
///
///     find the route -> who asks -> count -> may it -> what it carries -> handler
///
/// and answers it where it does not get through. What the steps learn (who asks, from where, how
/// much is left) goes into the request.
void dispatch(app& a, request& r, exchange_ptr x);

}  // namespace aircargo::server
