#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aircargo::server {

/// How the demo was asked for.
struct demo_settings {
    std::string url = "http://127.0.0.1:8080";
    std::string name = "demo";            ///< of the account that it books with
    unsigned pace = 30;                   ///< acts a minute; 0: as fast as the server answers
    std::uint64_t count = 0;              ///< acts after which it ends; 0: when it is told to
    std::optional<std::uint64_t> seed{};  ///< of all that is left to chance; none: draw one
};

/// Books shipments on a running server and moves them along its schedule, until it has done what
/// was asked for or gets SIGINT or SIGTERM. \return the exit status
[[nodiscard]] int run_demo(demo_settings const& s);

}  // namespace aircargo::server
