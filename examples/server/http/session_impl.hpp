#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include "api/problem.hpp"
#include "http/identity.hpp"
#include "http/session.hpp"
#include "log.hpp"
#include "text.hpp"
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <algorithm>
#include <exception>
#include <utility>

namespace aircargo::server {

inline session::session(tcp_socket socket, std::string peer, session_home& home)
    : client_(std::move(socket), home.tls.get()),
      timer_(client_.socket().get_executor()),
      home_(home),
      body_share_(home.bodies),
      since_(clock::now())
{
    request_.peer = std::move(peer);
}

inline session::~session() { close(); }

inline void session::start()
{
    home_.sessions.insert(this);
    boost::system::error_code ignored;
    client_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    client_.socket().non_blocking(true, ignored);
    if (client_.is_tls()) return shake_hands();
    work();
}

inline void session::shake_hands()
{
    state_ = state::handshake;
    client_.async_handshake([self = shared_from_this()](boost::system::error_code ec) {
        if (self->state_ == state::closed) return;
        if (ec) {
            log_debug("tls.refused", {{"peer", self->request_.peer}, {"detail", ec.message()}});
            return self->close();
        }
        self->state_ = state::head;
        self->since_ = clock::now();
        self->work();
    });
    watch();
}

inline void session::close()
{
    if (state_ == state::closed) return;
    state_ = state::closed;
    if (auto const ended = std::exchange(stream_, {})) {
        log_answer(ended->status, ended->bytes);
        ended->gone();
    }
    boost::system::error_code ignored;
    client_.socket().shutdown(tcp_socket::shutdown_both, ignored);
    client_.socket().close(ignored);
    timer_.cancel();
    home_.limits.leave(request_.peer);
    home_.sessions.erase(this);
    if (home_.sessions.empty()) home_.on_empty();
}

inline void session::drain()
{
    if (state_ == state::streaming) end_stream();
}

/// What has arrived by now is still answered.
inline void session::leave()
{
    boost::system::error_code failed;
    if (state_ == state::handshake) return close();  // it has asked for nothing yet
    if (idle() && client_.socket().available(failed) == 0) close();
}

inline bool session::idle() const
{
    return state_ == state::head && in_.empty() && out_.empty() && writing_.empty();
}

/// The client sends faster than it reads. What it has not read costs memory until its deadline, so
/// it is given less than what a connection needs that reads, and a stream more, which answers none.
inline bool session::behind() const
{
    constexpr std::size_t most_ready = std::size_t{64} * 1024;
    constexpr std::size_t most_of_a_stream = std::size_t{1024} * 1024;
    return out_.size() > (state_ == state::streaming ? most_of_a_stream : most_ready);
}

inline void session::work()
{
    if (working_) return;
    take_what_arrived();
    if (state_ == state::ending && out_.empty() && writing_.empty()) linger();
    if (home_.last_call_is_over && idle()) return close();
    if ((state_ == state::head || state_ == state::body) && !behind()) read();
    if (state_ == state::streaming) read();  // to hear when the client goes
    watch();
}

inline void session::take_what_arrived()
{
    working_ = true;
    // Also where memory runs out: a flag that stayed would keep all later answers back.
    struct at_the_end {
        bool& flag;
        ~at_the_end() { flag = false; }
    } const no_longer{working_};
    bool was_behind = false;
    do {
        while ((state_ == state::head || state_ == state::body) && !behind()) {
            if ((state_ == state::head ? take_head() : take_body()) == step::need_more) break;
        }
        was_behind = behind();
        flush();
    } while (was_behind && !behind());
}

inline session::step session::take_head()
{
    constexpr std::string_view line_end = "\r\n";
    constexpr std::string_view head_end = "\r\n\r\n";
    if (scanned_ == 0 && !skipped_line_end_ && in_.view().starts_with(line_end)) {
        in_.consume(line_end.size());  // RFC 9112, 2.2
        skipped_line_end_ = true;
    }
    auto const text = in_.view();
    if (text.empty() || (scanned_ == 0 && text == "\r")) return step::need_more;

    auto const end =
        text.find(head_end, scanned_ < head_end.size() ? 0 : scanned_ - head_end.size());
    bool const whole = end != text.npos;
    auto const head = text.substr(0, whole ? end + head_end.size() : end);
    auto refused = refuse_head_bytes(head, scanned_ == 0 ? 0 : scanned_ - 1);
    if (!refused && head.size() > gate_limits::head_bytes) {
        refused = head_too_large(head);
    }
    if (refused) {
        request_.clear();
        refuse(*refused);
        return step::done;
    }
    if (!whole) {
        scanned_ = text.size();
        return step::need_more;
    }
    scanned_ = 0;
    skipped_line_end_ = false;
    if (!accept_head(head)) return step::done;
    in_.consume(request_.head.size());
    if (!framing_.has_body()) {
        hand_over();
        return step::done;
    }
    state_ = state::body;
    since_ = clock::now();
    if (framing_.expects_continue && in_.empty()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    return step::done;
}

/// Parses the header and sends it through the gate; answers it when it does not pass.
inline bool session::accept_head(std::string_view head)
{
    request_.clear();
    request_.head = head;
    framing_ = {};
    parser_.emplace(request_);
    boost::system::error_code ec;
    parser_->put(asio::buffer(request_.head), ec);
    bool const parsed = !ec && parser_->is_header_done();

    identify(request_);
    auto refused = parsed ? pass_gate(request_, framing_) : refusal_of(ec);
    if (!parsed && !refused)
        refused = gate_refusal{400, "bad_request", "the header can not be read"};
    if (refused) {
        refuse(*refused);
        return false;
    }
    keep_alive_ = parser_->keep_alive();
    parser_->eager(true);
    return true;
}

inline session::step session::take_body()
{
    // Beast 1.81 asserts that the end of a chunked body comes in five bytes or more; less is never
    // the rest.
    constexpr std::size_t shortest_end = 5;
    auto const text = in_.view();
    if (text.size() < (framing_.chunked ? shortest_end : 1)) return step::need_more;

    boost::system::error_code ec;
    in_.consume(parser_->put(asio::buffer(text), ec));
    auto refused = refusal_of(ec);
    if (!refused && ec && in_.full())
        refused = gate_refusal{400, "bad_request", "a chunk's header is too long"};
    if (!refused && !body_share_.grow_to(request_.body.capacity())) refused = too_many_bodies();
    if (refused) {
        refuse(*refused);
        return step::done;
    }
    if (parser_->is_done()) {
        hand_over();
        return step::done;
    }
    return step::need_more;
}

inline void session::hand_over()
{
    state_ = state::handling;
    handed_over_ = clock::now();
    try {
        home_.handler(request_, shared_from_this());
    } catch (std::exception const& failure) {
        fail("handler", failure.what());
    }
}

/// A bug of ours, or no memory.
inline void session::fail(std::string_view where, char const* what)
{
    log_error(names_of(request_), "internal_error", {{"where", where}, {"detail", what}});
    if (state_ != state::handling) return;
    answer(make_reply(
        {.status = 500, .code = "internal_error", .detail = "something went wrong in the server"},
        request_));
}

inline void session::refuse(gate_refusal const& why)
{
    if (request_.id.empty()) identify(request_);
    state_ = state::handling;
    handed_over_ = clock::now();
    answer(make_reply({.status = why.status,
                       .code = why.code,
                       .detail = why.detail,
                       .retry_after_s = why.retry_after_s,
                       .close = true},
                      request_));
}

inline void session::answer(reply r)
{
    if (state_ != state::handling) return;  // the connection ended meanwhile
    bool const last_in_hand = home_.draining && in_.empty();
    bool const stays = keep_alive_ && !r.close && !last_in_hand;
    auto const before = out_.size();
    write_reply(out_, r, request_, stays, home_.date);
    since_ = clock::now();
    home_.traffic.count(request_.route_number, r.status, r.code, since_ - handed_over_);
    log_answer(r.status, out_.size() - before);
    empty(request_.body);  // not only when the next request comes
    body_share_.give_back();
    if (!reading_) in_.give_back();
    state_ = stays ? state::head : state::ending;
    work();
}

inline void session::log_answer(unsigned status, std::size_t bytes)
{
    log_access({.of = names_of(request_),
                .method = request_.method,
                .route = request_.route,
                .path = request_.path,
                .status = status,
                .duration = clock::now() - handed_over_,
                .bytes = bytes,
                .peer = request_.peer,
                .client = request_.client});
}

/// The handler's end of an answer that goes on. The connection may end first.
class session::open_stream final : public answer_stream {
public:
    explicit open_stream(std::shared_ptr<session> home)
        : home_(home),
          executor_(home->client_.socket().get_executor()),
          waiting_(home->stream_->waiting)
    {}
    ~open_stream() override
    {
        asio::post(executor_, [home = home_] {
            if (auto const s = home.lock()) s->end_stream();
        });
    }

    void send(std::string piece) override
    {
        waiting_->fetch_add(piece.size());
        asio::post(executor_, [home = home_, piece = std::move(piece)] {
            if (auto const s = home.lock()) s->send_piece(piece);
        });
    }
    [[nodiscard]] std::size_t waiting() const noexcept override { return waiting_->load(); }

private:
    std::weak_ptr<session> home_;
    executor executor_;
    std::shared_ptr<std::atomic<std::size_t>> waiting_;
};

/// Of a connection that ended before its answer began.
class session::ended_stream final : public answer_stream {
public:
    void send(std::string) override {}
    [[nodiscard]] std::size_t waiting() const noexcept override { return 0; }
};

inline std::unique_ptr<answer_stream> session::stream(reply head, std::function<void()> gone)
{
    if (state_ != state::handling) {
        gone();
        return std::make_unique<ended_stream>();
    }
    auto const before = out_.size();
    write_stream_head(out_, head, request_, home_.date);
    home_.traffic.count(request_.route_number, head.status, head.code, clock::now() - handed_over_);
    stream_.emplace(streaming{.status = head.status,
                              .bytes = out_.size() - before,
                              .gone = std::move(gone),
                              .waiting = std::make_shared<std::atomic<std::size_t>>(0)});
    auto handle = std::make_unique<open_stream>(shared_from_this());
    in_.consume(in_.view().size());  // this connection takes no more requests
    state_ = state::streaming;
    if (request_.method == "HEAD" || home_.draining) {
        end_stream();
    } else {
        work();
    }
    return handle;
}

inline void session::send_piece(std::string_view piece)
{
    if (state_ != state::streaming) return;
    if (behind()) return close();  // it does not read what it asked for
    auto const before = out_.size();
    write_stream_piece(out_, piece, request_);
    stream_->bytes += out_.size() - before;
    stream_->ready += piece.size();
    flush();
    watch();
}

inline void session::end_stream()
{
    if (state_ != state::streaming) return;
    write_stream_end(out_, request_);
    state_ = state::ending;
    work();
}

inline void session::post(std::function<void()> task)
{
    asio::post(client_.socket().get_executor(),
               [self = shared_from_this(), task = std::move(task)] {
                   try {
                       task();
                   } catch (std::exception const& failure) {
                       self->fail("answer", failure.what());
                   }
               });
}

inline void session::read()
{
    if (reading_) return;
    reading_ = true;
    auto const room = in_.prepare();
    client_.async_read_some(
        asio::buffer(room.data, room.size),
        [self = shared_from_this()](boost::system::error_code ec, std::size_t size) {
            self->on_read(!ec, size);
        });
}

inline void session::on_read(bool good, std::size_t size)
{
    reading_ = false;
    if (state_ == state::closed) return;
    if (state_ == state::lingering || state_ == state::streaming) {
        if (!good) return close();
        return read();  // into the same room: nobody wants these bytes
    }
    if (!good) {
        // The client sends no more; what is ready still goes out.
        if (out_.empty() && writing_.empty()) return close();
        state_ = state::ending;
        return work();
    }
    if (state_ == state::head && in_.empty()) since_ = clock::now();
    in_.commit(size);
    work();
}

inline void session::flush()
{
    if (state_ == state::closed || !writing_.empty() || out_.empty()) return;
    writing_.swap(out_);
    if (stream_) stream_->writing = std::exchange(stream_->ready, 0);
    boost::system::error_code failed;
    auto const sent = client_.write_now(asio::buffer(writing_), failed);
    if (failed || sent == writing_.size()) return wrote_all(!failed);
    writing_since_ = clock::now();
    write_on(sent);
}

inline void session::write_on(std::size_t written)
{
    written_ = written;
    client_.async_write_some(
        asio::buffer(writing_) + written,
        [self = shared_from_this(), written](boost::system::error_code ec, std::size_t size) {
            self->on_written(!ec, written + size);
        });
}

inline void session::on_written(bool good, std::size_t written)
{
    if (good && state_ != state::closed && written < writing_.size()) return write_on(written);
    wrote_all(good);
    if (state_ != state::closed) work();
}

inline void session::wrote_all(bool good)
{
    empty(writing_);  // which is `out_` the next time
    if (stream_) stream_->waiting->fetch_sub(std::exchange(stream_->writing, 0));
    if (!good) close();
}

/// Closing at once, with bytes of the client unread, would make its side throw our answer away.
inline void session::linger()
{
    state_ = state::lingering;
    since_ = clock::now();
    in_.consume(in_.view().size());
    if (!client_.is_tls()) return end_of_sending();
    client_.async_say_goodbye([self = shared_from_this()] {
        if (self->state_ != state::closed) self->end_of_sending();
    });
}

inline void session::end_of_sending()
{
    boost::system::error_code failed;
    client_.socket().shutdown(tcp_socket::shutdown_send, failed);
    if (failed) return close();
    read();
}

inline session::clock::time_point session::deadline() const
{
    constexpr std::chrono::seconds linger_time(2);
    // Of a body as of an answer: whoever is slower keeps our memory for too long.
    auto const time_of = [](std::size_t bytes) {
        constexpr std::size_t least_bytes_a_second = 1024;
        return std::chrono::seconds(bytes / least_bytes_a_second);
    };
    if (!writing_.empty()) return writing_since_ + home_.options.idle_time + time_of(written_);
    switch (state_) {
        case state::head:
            return since_ + (in_.empty() ? home_.options.idle_time : home_.options.header_time);
        case state::body: return since_ + home_.options.header_time + time_of(request_.body.size());
        case state::lingering: return since_ + linger_time;
        case state::handshake: return since_ + home_.options.header_time;
        case state::handling:
        case state::streaming:
        case state::ending:
        case state::closed: break;
    }
    return clock::time_point::max();
}

/// Sees to it that the timer fires at the deadline. A deadline that moves away leaves the timer
/// alone: it looks again when it fires, so that a busy connection does not set a timer for each
/// request.
inline void session::watch()
{
    auto const at = deadline();
    if (state_ == state::closed || at >= timer_at_) return;
    timer_at_ = at;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
        if (ec || self->state_ == state::closed) return;
        self->timer_at_ = clock::time_point::max();
        if (clock::now() < self->deadline()) return self->watch();
        self->on_deadline();
    });
}

inline void session::on_deadline()
{
    bool const amid_request = state_ == state::body || (state_ == state::head && !in_.empty());
    if (!writing_.empty() || !amid_request) return close();
    if (state_ == state::head) request_.clear();
    refuse({408, "request_timeout", "the request took too long to arrive"});
}

}  // namespace aircargo::server
