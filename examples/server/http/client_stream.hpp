#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace aircargo::server {

namespace asio = boost::asio;
using executor =
    asio::io_context::executor_type;  // by its own type: the erased one costs on every step
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

/// A client's connection: its bytes as they are, or in TLS. Which of the two is asked once a read
/// or write, so that plain connections pay nothing for the other kind.
class client_stream {
public:
    /// \param tls none: bytes as they are. It need not outlive the call
    client_stream(tcp_socket socket, asio::ssl::context* tls) : socket_(std::move(socket))
    {
        if (tls) tls_ = std::make_unique<asio::ssl::stream<tcp_socket&>>(socket_, *tls);
    }
    client_stream(client_stream const&) = delete;
    client_stream& operator=(client_stream const&) = delete;

    [[nodiscard]] tcp_socket& socket() noexcept { return socket_; }
    [[nodiscard]] bool is_tls() const noexcept { return tls_ != nullptr; }

    /// \pre is_tls()
    template <class Handler>
    void async_handshake(Handler&& handler)
    {
        tls_->async_handshake(asio::ssl::stream_base::server, std::forward<Handler>(handler));
    }

    template <class Handler>
    void async_read_some(asio::mutable_buffer into, Handler&& handler)
    {
        if (tls_ && !said_goodbye_) {
            tls_->async_read_some(into, std::forward<Handler>(handler));
        } else {
            socket_.async_read_some(into, std::forward<Handler>(handler));
        }
    }

    /// Sends what the system takes without waiting; nothing in TLS. The rest is for
    /// `async_write_some`.
    /// \return how many bytes
    [[nodiscard]] std::size_t write_now(asio::const_buffer from, boost::system::error_code& failed)
    {
        if (tls_) return 0;
        auto const sent = socket_.write_some(from, failed);
        if (failed == asio::error::would_block) failed.clear();
        return sent;
    }

    template <class Handler>
    void async_write_some(asio::const_buffer from, Handler&& handler)
    {
        if (tls_) {
            tls_->async_write_some(from, std::forward<Handler>(handler));
        } else {
            socket_.async_write_some(from, std::forward<Handler>(handler));
        }
    }

    /// Says in TLS that no more will come, and waits for the client to say the same or to go. What
    /// is read after that is no longer looked into. \pre is_tls()
    template <class Handler>
    void async_say_goodbye(Handler&& handler)
    {
        tls_->async_shutdown([this, handler = std::forward<Handler>(handler)](auto) mutable {
            said_goodbye_ = true;
            handler();
        });
    }

private:
    tcp_socket socket_;
    std::unique_ptr<asio::ssl::stream<tcp_socket&>> tls_;  // large, and mostly not there
    bool said_goodbye_ = false;
};

}  // namespace aircargo::server
