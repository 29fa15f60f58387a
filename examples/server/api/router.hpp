#pragma once

#include "app.hpp"
#include "http/message.hpp"
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace aircargo::server {

/// Who may use a route. Nobody logs in yet, so everybody may use all; see `authorize` in
/// router.cpp.
enum class role : std::uint8_t { anyone, viewer, agent, admin };

/// The values of `{...}` in the route's template, in order; views into the request's path.
using path_arguments = std::array<std::string_view, 2>;

using route_handler = void (*)(app&, exchange_ptr, path_arguments const&);

struct route {
    std::string_view method;
    std::string_view path;  ///< a segment in braces matches any
    role needs;
    route_handler handle;
    bool takes_body = false;
    std::span<std::string_view const> query{};  ///< parameters that it knows; others are refused
};

/// Every route of the server.
[[nodiscard]] std::span<route const> all_routes() noexcept;

/// Finds the request's route and calls its handler; answers 404, 405 and what the route does not
/// take.
void dispatch(app& a, request& r, exchange_ptr x);

}  // namespace aircargo::server
