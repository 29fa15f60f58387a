#pragma once

#include <aircargo/service/route_service.hpp>
#include <memory>
#include <string>

namespace aircargo::server {

/// The schedule as searches see it, with an ETag for what is read from it.
struct schedule_view {
    /// Weak: two servers may know the same flights and still give another reason for no route.
    std::string etag;
    std::shared_ptr<schedule const> flights;

    [[nodiscard]] static schedule_view now(route_service const& routes);
};

}  // namespace aircargo::server
