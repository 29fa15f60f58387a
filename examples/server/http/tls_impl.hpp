#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include "config/setting_errors.hpp"
#include "http/tls.hpp"
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <ctime>
#include <string>
#include <string_view>

namespace aircargo::server {

/// Of what the client can speak, HTTP/1.1 is taken; a client that names only other protocols is
/// told so.
inline int choose_http_1_1(SSL*, unsigned char const** chosen, unsigned char* size,
                           unsigned char const* offered, unsigned offered_size, void*)
{
    constexpr std::string_view ours = "http/1.1";
    std::string_view rest(reinterpret_cast<char const*>(offered), offered_size);
    while (!rest.empty()) {
        auto const name = rest.substr(1, static_cast<unsigned char>(rest.front()));
        if (name == ours) {
            *chosen = reinterpret_cast<unsigned char const*>(name.data());
            *size = static_cast<unsigned char>(name.size());
            return SSL_TLSEXT_ERR_OK;
        }
        rest.remove_prefix(1 + name.size());
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// What a server of today speaks, by Mozilla's list of intermediate ciphers without those of DHE.
[[nodiscard]] inline bool restrict_to_safe_protocols(SSL_CTX* context)
{
    constexpr auto ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // thousands of connections are idle
    SSL_CTX_set_alpn_select_cb(context, choose_http_1_1, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, ciphers) == 1;
}

[[nodiscard]] inline utc_time end_of_certificate(SSL_CTX* context)
{
    std::tm parts{};
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context)), &parts);
    return utc_time(std::chrono::seconds(::timegm(&parts)));
}

inline result<tls_identity> load_tls(tls_files const& files)
{
    auto const context =
        std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
    auto* const native = context->native_handle();
    ERR_clear_error();
    if (!restrict_to_safe_protocols(native)) {
        return aircargo::refuse(errc::invalid_request, "this OpenSSL does not speak TLS 1.2");
    }
    // A key with a password would have it asked for on the terminal.
    SSL_CTX_set_default_passwd_cb(native, [](char*, int, int, void*) { return 0; });
    boost::system::error_code failed;
    context->use_certificate_chain_file(files.certificate, failed);
    if (failed) {
        return bad_setting("--tls-cert (AIRCARGO_TLS_CERT)", files.certificate,
                           "a file with a certificate in PEM, and behind it those that it was "
                           "signed by: " +
                               failed.message());
    }
    context->use_private_key_file(files.key, boost::asio::ssl::context::pem, failed);
    if (!failed && SSL_CTX_check_private_key(native) == 1) {
        return tls_identity{context, end_of_certificate(native)};
    }
    ERR_clear_error();
    return bad_setting("--tls-key (AIRCARGO_TLS_KEY)", files.key,
                       "a file with the key of the certificate in PEM, without a password" +
                           (failed ? ": " + failed.message() : std::string()));
}

}  // namespace aircargo::server
