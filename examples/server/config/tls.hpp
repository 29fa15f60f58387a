#pragma once

#include <aircargo/core/result.hpp>
#include <optional>
#include <string>

namespace aircargo::server {

/// Where the server's certificate is, as it was given; both or neither.
struct tls_settings {
    std::string certificate;
    std::string key;
};

/// Paths of PEM files.
struct tls_files {
    std::string certificate;  ///< the server's, and behind it those that it was signed by
    std::string key;
};

/// \return nothing for a server that speaks plain HTTP, or `invalid_request` with one sentence that
/// names the setting; the files are read by the server
[[nodiscard]] result<std::optional<tls_files>> read_tls(tls_settings const& given);

}  // namespace aircargo::server
