#pragma once

#include <string>

namespace aircargo::server {

/// The web page, as it was given.
struct page_settings {
    std::string folder;  ///< empty: there is none
    bool behind_https = false;
};

/// The web page, as the program understands it.
struct page_config {
    std::string folder;  ///< that is read at the start; empty: there is none
    bool https;          ///< browsers reach this server by HTTPS
};

}  // namespace aircargo::server
