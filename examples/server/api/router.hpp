#pragma once

#include "app.hpp"
#include "http/message.hpp"
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace aircargo::server {

namespace docs {
struct operation;
}

/// Who may use a route. Nobody logs in yet, so everybody may use all; see `authorize` in
/// router.cpp.
enum class role : std::uint8_t { anyone, viewer, agent, admin };

/// The values of `{...}` in the route's template, in order; views into the request's path.
using path_arguments = std::array<std::string_view, 2>;

using route_handler = void (*)(app&, exchange_ptr, path_arguments const&);

/// A row of the route table: all there is to know about a route.
struct route {
    std::string_view method;
    std::string_view path;  ///< a segment in braces matches any
    role needs;
    route_handler handle;
    /// What it takes and answers (openapi/operations.hpp). A parameter or body that is not
    /// described is refused.
    docs::operation (*describe)();
};

/// Every route of the server.
[[nodiscard]] std::span<route const> all_routes() noexcept;

/// Finds the request's route and calls its handler; answers 404, 405 and what the route does not
/// take.
void dispatch(app& a, request& r, exchange_ptr x);

}  // namespace aircargo::server
