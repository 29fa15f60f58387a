#pragma once

namespace aircargo::server {

/// The web page, as it was given.
struct page_settings {
    bool behind_https = false;
};

/// The web page, as the program understands it.
struct page_config {
    bool https;  ///< browsers reach this server by HTTPS
};

}  // namespace aircargo::server
