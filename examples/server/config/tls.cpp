#include "config/tls.hpp"
#include "config/setting_errors.hpp"

namespace aircargo::server {

result<std::optional<tls_files>> read_tls(tls_settings const& given)
{
    if (given.certificate.empty() != given.key.empty()) {
        return refuse(errc::invalid_request,
                      "--tls-cert (AIRCARGO_TLS_CERT) and --tls-key (AIRCARGO_TLS_KEY) need each "
                      "other, and one of them is missing");
    }
    if (given.key.empty()) return std::optional<tls_files>();
    return std::optional(tls_files{given.certificate, given.key});
}

}  // namespace aircargo::server
