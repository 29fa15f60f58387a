#pragma once

#include "api/problem.hpp"
#include "config/config.hpp"
#include "http/message.hpp"
#include <optional>

namespace aircargo::server {

/// What a server that lets everybody in (--auth off) still refuses. Nobody but this machine reaches
/// it, but a browser on this machine does, and shows pages of strangers: one whose name is led to
/// 127.0.0.1 (DNS rebinding) calls us by that name, and any may send forms and requests here
/// without reading the answers.
/// \return why the request is refused; nothing where callers log in, since no page can do that
[[nodiscard]] std::optional<problem> guard_open_door(request const& r, config const& c);

}  // namespace aircargo::server
