#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include "http/client_stream.hpp"
#include "http/connection_limits.hpp"
#include "http/gate.hpp"
#include "http/message.hpp"
#include "http/parser.hpp"
#include "http/read_buffer.hpp"
#include "http/reply.hpp"
#include "http/server.hpp"
#include "observe/traffic.hpp"
#include <boost/asio/basic_waitable_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace aircargo::server {

using deadline_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>;

class session;

/// What the sessions of one thread share.
struct session_home {
    http_options const& options;
    request_handler const& handler;
    connection_limits& limits;
    body_budget& bodies;
    traffic_counter& traffic;
    std::shared_ptr<asio::ssl::context> tls{};  ///< of connections that come in; none: no TLS
    std::unordered_set<session*> sessions{};
    bool draining = false;                   ///< each answer is its connection's last
    bool last_call_is_over = false;          ///< connections with nothing in hand end
    std::function<void()> on_empty = [] {};  ///< the last session went
    date_text date{};
};

/// One connection: reads requests, hands each to the handler, and writes the answers in order.
///
///     (handshake) -> read -> head -> gate -> body -> handler -> answer -> write
///
/// `work` goes as far along this as it can without waiting, so requests that arrived together are
/// worked off together, and answers that are ready together leave in one write. All of it runs on
/// one thread.
class session final : public exchange, public std::enable_shared_from_this<session> {
public:
    session(tcp_socket socket, std::string peer, session_home& home);
    ~session() override;

    void start();
    /// The server stops: the next answer is the last one.
    void drain();
    /// Goes once nothing is in hand.
    void leave();
    void close();

    [[nodiscard]] request const& in() const noexcept override { return request_; }
    void answer(reply r) override;
    [[nodiscard]] std::unique_ptr<answer_stream> stream(reply head,
                                                        std::function<void()> gone) override;
    void post(std::function<void()> task) override;

private:
    using clock = std::chrono::steady_clock;
    enum class state : std::uint8_t {
        handshake,
        head,
        body,
        handling,
        streaming,
        ending,
        lingering,
        closed
    };
    class ended_stream;
    class open_stream;
    enum class step : std::uint8_t { done, need_more };

    void shake_hands();
    void work();
    void take_what_arrived();
    [[nodiscard]] step take_head();
    [[nodiscard]] step take_body();
    [[nodiscard]] bool accept_head(std::string_view head);
    void hand_over();
    void refuse(gate_refusal const& why);
    void fail(std::string_view where, char const* what);
    void log_answer(unsigned status, std::size_t bytes);

    void send_piece(std::string_view piece);
    void end_stream();

    void read();
    void on_read(bool good, std::size_t size);
    void flush();
    void write_on(std::size_t written);
    void on_written(bool good, std::size_t written);
    void wrote_all(bool good);
    void linger();
    void end_of_sending();
    [[nodiscard]] bool idle() const;
    [[nodiscard]] bool behind() const;

    [[nodiscard]] clock::time_point deadline() const;
    void watch();
    void on_deadline();

    client_stream client_;
    deadline_timer timer_;
    session_home& home_;

    state state_ = state::head;
    bool working_ = false;
    bool reading_ = false;
    bool keep_alive_ = true;

    read_buffer in_;
    std::size_t scanned_ = 0;        ///< of the head that is being read
    bool skipped_line_end_ = false;  ///< before that head; only one is skipped
    request request_;
    body_budget::share body_share_;
    framing framing_;
    std::optional<message_parser> parser_;
    std::string out_;      ///< answers that are ready
    std::string writing_;  ///< answers on their way

    struct streaming {
        unsigned status;
        std::size_t bytes;           ///< sent so far, with all that HTTP adds
        std::function<void()> gone;  ///< tells the handler
        /// Of the handler's pieces: on their way here, and in `out_` and `writing_`.
        std::shared_ptr<std::atomic<std::size_t>> waiting;
        std::size_t ready = 0;    ///< those in `out_`
        std::size_t writing = 0;  ///< those in `writing_`
    };
    std::optional<streaming> stream_;

    clock::time_point since_;          ///< the present state began: idle, head, body or lingering
    clock::time_point handed_over_{};  ///< for the log
    clock::time_point writing_since_{};
    std::size_t written_ = 0;  ///< of `writing_`
    clock::time_point timer_at_ = clock::time_point::max();
};

}  // namespace aircargo::server
