#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include "http/server.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

namespace aircargo::server {

/// A certificate and its key, ready to be shown to clients.
struct tls_identity {
    std::shared_ptr<boost::asio::ssl::context> context;
    utc_time good_until;
};

/// Reads the files: TLS 1.2 or newer, ciphers with forward secrecy, HTTP/1.1 alone.
/// \return `invalid_request` with a sentence that names the setting and what it takes
[[nodiscard]] result<tls_identity> load_tls(tls_files const& files);

}  // namespace aircargo::server
