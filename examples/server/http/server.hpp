#pragma once

#include "config/tls.hpp"
#include "http/connection_limits.hpp"
#include "http/message.hpp"
#include "limits/network.hpp"
#include "observe/traffic.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace aircargo::server {

struct http_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  ///< 0: any free one
    unsigned threads = 1;       ///< each with an acceptor and an event loop of its own
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_ip = 2'000;
    ip_networks proxies{};                              ///< whose connections are those of many
    std::size_t body_bytes_in_hand = 64 * 1024 * 1024;  ///< of all connections, see `body_budget`
    std::chrono::milliseconds header_time{10'000};  ///< for a whole header, from its first byte on
    /// Between two requests, and for an answer to be read, at a kibibyte a second more. Longer than
    /// proxies keep connections (60 s): who closes first may cut a request that is just on its way.
    std::chrono::milliseconds idle_time{75'000};
    /// How long all goes on as before once it is told to stop, see `stopping`.
    std::chrono::milliseconds drain_grace{0};
    std::chrono::milliseconds listen_on_time{100};  ///< when told to stop: for connections that are
                                                    ///< being made, so longer than a round trip
    std::chrono::milliseconds last_call_time{
        1'000};  ///< when told to stop: for connections without a request to send one
    std::chrono::milliseconds drain_time{
        10'000};                     ///< for the requests in hand when it is told to stop
    std::optional<tls_files> tls{};  ///< none: plain HTTP
};

/// An HTTP/1.1 server, plain or in TLS. Listens from the start; serves in `run`.
class http_server {
public:
    /// \return the server, or `backend_down` with what the system says, or `invalid_request` for
    /// files of TLS that can not be used
    [[nodiscard]] static result<std::unique_ptr<http_server>> listen(http_options const& o);
    ~http_server();

    /// The port that it got.
    [[nodiscard]] std::uint16_t port() const noexcept;

    [[nodiscard]] connection_counts connections() const;
    /// The answers so far, of all threads.
    [[nodiscard]] traffic answered() const;

    /// Whether it was told to stop: no more requests should be sent to it.
    [[nodiscard]] bool stopping() const noexcept;

    /// When its certificate ends; nothing without TLS.
    [[nodiscard]] std::optional<utc_time> certificate_good_until() const noexcept;

    /// Serves until SIGTERM or SIGINT and through the grace time after it, then answers what it has
    /// in hand and returns. A second signal ends the program at once. The handler is called from
    /// several threads, and lives until the server does. At SIGHUP the certificate is read anew,
    /// for connections that come in from then on; when that fails, the one before stays. \param
    /// started called once signals are heeded, just before the first request
    void run(request_handler handler, std::function<void()> const& started);

private:
    struct parts;
    explicit http_server(std::unique_ptr<parts> p);

    std::unique_ptr<parts> parts_;
};

}  // namespace aircargo::server
