#pragma once

#include "app.hpp"
#include "auth/caller.hpp"
#include "http/message.hpp"
#include "limits/request_limits.hpp"
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

namespace docs {
struct operation;
}

/// The values of `{...}` in the route's template, in order; views into the request's path.
using path_arguments = std::array<std::string_view, 2>;

using route_handler = void (*)(app&, exchange_ptr, path_arguments const&);

/// Whether an API key will do.
enum class credentials : std::uint8_t {
    any,
    of_login  ///< not a key, which else could make itself last for good
};

/// A row of the route table: all there is to know about a route.
struct route {
    std::string_view method;
    std::string_view path;  ///< a segment in braces matches any
    role needs;
    route_handler handle;
    /// What it takes and answers (openapi/operations.hpp). A parameter or body that is not
    /// described is refused.
    docs::operation (*describe)();
    counting counts = counting::by_caller;
    credentials takes = credentials::any;
};

/// What a route lets a request carry, by its description.
struct taken_by_route {
    std::vector<std::string_view> query;  ///< names of parameters
    std::string_view body;                ///< the content type; empty where there is none
};

/// Every route of the server; `request::route_number` is a place in here, from 1.
[[nodiscard]] std::span<route const> all_routes() noexcept;

[[nodiscard]] taken_by_route const& taken_by(route const& row);

/// What `request::route_number` means.
struct numbered_route {
    std::string_view method;
    std::string_view path;
};
[[nodiscard]] numbered_route route_of_number(std::size_t number);
[[nodiscard]] std::size_t number_of(route const& row);

/// The files of the web page together. They are in no row of the table, which is the API.
inline constexpr std::string_view page_path = "/{page}";
[[nodiscard]] std::size_t number_of_page() noexcept;

/// Whether the path begins with the first segment of a route: `/api/v2`, `/health/x`.
[[nodiscard]] bool is_near_a_route(std::string_view path);

/// What the path of a request leads to.
struct found_route {
    route const* row = nullptr;  ///< none: there is nothing, or not with this method
    path_arguments arguments{};
    std::string allowed{};  ///< the methods that there are instead, with commas
};
[[nodiscard]] found_route find_route(request const& r);

}  // namespace aircargo::server
