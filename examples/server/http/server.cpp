// The one file that compiles Asio and Beast; see http/session.hpp for what a connection does.

#include "http/server.hpp"
#include "http/session_impl.hpp"
#include "http/tls_impl.hpp"
#include "observe/line_limit.hpp"
#include "observe/service_manager.hpp"
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::server {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;

/// Opens the socket and binds it, with SO_REUSEADDR and `option` set.
template <class Acceptor>
[[nodiscard]] error_code bind_to(Acceptor& acceptor, tcp::endpoint const& at, int option)
{
    error_code failed;
    acceptor.open(at.protocol(), failed);
    if (failed) return failed;
    int const on = 1;
    for (int const name : {SO_REUSEADDR, option}) {
        if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, name, &on, sizeof on) != 0) {
            return {errno, boost::system::system_category()};
        }
    }
    acceptor.bind(at, failed);
    return failed;
}

/// From now on the kernel throws the first packet of new connections away, and finishes those that
/// it has begun: a socket that just closes would reset the ones that nobody has accepted. The
/// clients ask again after a second, and are refused. Where the kernel can not do it, all goes on
/// as before.
void hold_back_newcomers(tcp_acceptor& acceptor)
{
    constexpr unsigned flags_at = 13, syn = 0x02, ack = 0x10, none = 0, whole = 0xffff'ffff;
    std::array<sock_filter, 5> program{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, syn | ack),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, none),
        BPF_STMT(BPF_RET | BPF_K, whole),
    }};
    sock_fprog const filter{static_cast<unsigned short>(program.size()), program.data()};
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &filter,
                     sizeof filter) != 0) {
        log_warning("drain.newcomers", {{"detail", std::strerror(errno)}});
    }
}

/// One thread: its event loop, its acceptor, its connections. All but `stop` run on that thread.
class worker {
public:
    worker(http_options const& options, request_handler const& handler, connection_limits& limits,
           body_budget& bodies)
        : home_{.options = options,
                .handler = handler,
                .limits = limits,
                .bodies = bodies,
                .traffic = traffic_},
          acceptor_(io_.get_executor()),
          pause_(io_.get_executor()),
          listen_end_(io_.get_executor()),
          quiet_end_(io_.get_executor()),
          drain_end_(io_.get_executor()),
          alive_(io_.get_executor())
    {}

    [[nodiscard]] error_code listen(tcp::endpoint const& at);
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] asio::io_context& io() noexcept { return io_; }
    [[nodiscard]] traffic answered() const { return traffic_.counts(); }

    void run();
    /// From any thread: connections that come in from now on see this certificate.
    void show(std::shared_ptr<asio::ssl::context> tls);
    /// From any thread: accepts no more, answers what is in hand, then ends `run`.
    void stop();

private:
    void accept();
    void take_in(tcp_socket socket, tcp::endpoint const& peer);
    void turn_away(tcp_socket socket, std::string const& address);
    void drain();
    void end_listening();
    void end_if_empty();

    template <class Then>
    void after(deadline_timer& timer, std::chrono::milliseconds time, Then then)
    {
        timer.expires_after(time);
        timer.async_wait([then = std::move(then)](error_code aborted) {
            if (!aborted) then();
        });
    }
    template <class Act>
    void for_all_sessions(Act act)  // which may end some
    {
        for (auto* s : std::vector<session*>(home_.sessions.begin(), home_.sessions.end())) act(*s);
    }

    traffic_counter traffic_;
    session_home home_;  // outlives the sessions that the event loop holds
    asio::io_context io_{1};
    tcp_acceptor acceptor_;
    tcp::endpoint peer_;
    /// Until the acceptor has answered: a connection that it took just before it was closed is
    /// still to come.
    bool accepting_ = false;
    line_limit turned_away_;
    deadline_timer pause_;
    deadline_timer listen_end_;
    deadline_timer quiet_end_;
    deadline_timer drain_end_;
    asio::executor_work_guard<executor> alive_;
};

error_code worker::listen(tcp::endpoint const& at)
{
    auto failed =
        bind_to(acceptor_, at, SO_REUSEPORT);  // a socket a thread; the kernel spreads connections
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    return failed;
}

void worker::accept()
{
    accepting_ = true;
    acceptor_.async_accept(peer_, [this](error_code failed, tcp_socket socket) {
        accepting_ = false;
        if (!failed) {
            try {
                take_in(std::move(socket), peer_);
            } catch (std::exception const& failure) {  // only this connection ends
                log_error("connection.failed", {{"detail", failure.what()}});
            }
        }
        if (!acceptor_.is_open()) return end_if_empty();
        if (!failed) return accept();
        // No descriptors or no memory left: the waiting connections stay where they are.
        log_warning("accept.failed", {{"detail", failed.message()}});
        pause_.expires_after(std::chrono::milliseconds(100));
        pause_.async_wait([this](error_code aborted) {
            if (!aborted && acceptor_.is_open()) accept();
        });
    });
}

void worker::take_in(tcp_socket socket, tcp::endpoint const& peer)
{
    auto address = peer.address().to_string();
    if (home_.limits.enter(address)) {
        std::shared_ptr<session> opened;
        try {
            opened = std::make_shared<session>(std::move(socket), address, home_);
        } catch (...) {
            home_.limits.leave(address);
            throw;
        }
        opened->start();
        return;
    }
    turn_away(std::move(socket), address);
}

/// Whom there is no room for is told so, without a look at what he sends.
void worker::turn_away(tcp_socket socket, std::string const& address)
{
    if (auto const untold = turned_away_.pass()) {
        log_warning("connections.refused",
                    {{"peer", address}, {"untold_before", std::to_string(*untold)}});
    }
    if (home_.tls) return;  // it would not understand
    request unread;
    identify(unread);
    std::string out;
    write_reply(out,
                make_reply({.status = 503,
                            .code = "too_many_connections",
                            .detail = "too many connections are open now",
                            .retry_after_s = 1,
                            .close = true},
                           unread),
                unread, false, home_.date);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(out), ignored);
}

void worker::run()
{
    asio::post(io_, [this] { accept(); });
    for (;;) {
        try {
            io_.run();
            return;
        } catch (std::exception const& failure) {  // of one connection, which ends with it
            log_error("connection.failed", {{"detail", failure.what()}});
        }
    }
}

void worker::show(std::shared_ptr<asio::ssl::context> tls)
{
    asio::post(io_, [this, tls = std::move(tls)]() mutable { home_.tls = std::move(tls); });
}

void worker::stop()
{
    asio::post(io_, [this] { drain(); });
}

/// Whoever is connected by now is still answered, also who has yet to send a request: it can not
/// know that we go, and a request must not be lost on its way to a connection that we close.
void worker::drain()
{
    home_.draining = true;
    home_.on_empty = [this] { end_if_empty(); };
    hold_back_newcomers(acceptor_);
    for_all_sessions([](session& s) { s.drain(); });
    after(listen_end_, home_.options.listen_on_time, [this] { end_listening(); });
    after(quiet_end_, home_.options.last_call_time, [this] {
        home_.last_call_is_over = true;
        for_all_sessions([](session& s) { s.leave(); });
    });
    after(drain_end_, home_.options.drain_time, [this] {
        log_warning("drain.cut", {{"connections", std::to_string(home_.sessions.size())}});
        for_all_sessions([](session& s) { s.close(); });
    });
}

/// With the connections that the kernel has accepted for us.
void worker::end_listening()
{
    error_code failed;
    acceptor_.non_blocking(true, failed);
    while (!failed) {
        tcp::endpoint peer;
        tcp_socket socket(io_.get_executor());
        acceptor_.accept(socket, peer, failed);
        if (!failed) take_in(std::move(socket), peer);
    }
    acceptor_.close(failed);
    pause_.cancel();
    end_if_empty();
}

void worker::end_if_empty()
{
    if (!home_.sessions.empty() || acceptor_.is_open() || accepting_) return;
    quiet_end_.cancel();
    drain_end_.cancel();
    alive_.reset();
}

void raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Fails where somebody else listens, which SO_REUSEPORT alone would not notice.
[[nodiscard]] error_code probe(tcp::endpoint const& at)
{
    asio::io_context io;
    tcp::acceptor acceptor(io);
    return bind_to(acceptor, at, SO_REUSEADDR);
}

}  // namespace

struct http_server::parts {
    explicit parts(http_options const& o)
        : options(o),
          limits(o.max_connections, o.max_connections_per_ip, o.proxies),
          bodies(o.body_bytes_in_hand)
    {}

    http_options options;
    request_handler handler;
    connection_limits limits;
    body_budget bodies;
    std::atomic<bool> stopping = false;
    std::atomic<utc_time> certificate_end{};
    std::vector<std::unique_ptr<worker>> workers;

    [[nodiscard]] result<void> read_certificate();
    void read_certificate_anew();
    void heed_hangups(asio::signal_set& hangups);
};

result<void> http_server::parts::read_certificate()
{
    auto const identity = load_tls(*options.tls);
    if (!identity) return identity.error();
    certificate_end = identity->good_until;
    for (auto const& w : workers) w->show(identity->context);
    if (identity->good_until <= std::chrono::system_clock::now()) {
        log_warning("tls.expired", {{"certificate", options.tls->certificate},
                                    {"good_until", to_string(identity->good_until)}});
    }
    return {};
}

void http_server::parts::read_certificate_anew()
{
    if (!options.tls) return log_info("reload.nothing", {{"detail", "there is no --tls-cert"}});
    auto const read = read_certificate();
    if (read) {
        log_info("tls.reloaded", {{"certificate", options.tls->certificate},
                                  {"good_until", to_string(certificate_end.load())}});
    } else {
        log_warning("tls.reload_failed", {{"detail", read.error().detail}});
    }
}

void http_server::parts::heed_hangups(asio::signal_set& hangups)
{
    hangups.async_wait([this, &hangups](error_code failed, int) {
        if (failed) return;
        read_certificate_anew();
        heed_hangups(hangups);
    });
}

http_server::http_server(std::unique_ptr<parts> p) : parts_(std::move(p)) {}
http_server::~http_server() = default;

result<std::unique_ptr<http_server>> http_server::listen(http_options const& o)
{
    auto const refused = [&](error_code const& why) {
        return aircargo::refuse(errc::backend_down, "can not listen on " + o.address + " port " +
                                                        std::to_string(o.port) + ": " +
                                                        why.message());
    };
    error_code failed;
    auto const address = asio::ip::make_address(o.address, failed);
    if (failed) return refused(failed);
    tcp::endpoint at(address, o.port);
    if ((failed = probe(at))) return refused(failed);

    raise_descriptor_limit();
    auto made = std::make_unique<parts>(o);
    for (unsigned i = 0; i < o.threads; ++i) {
        auto& added = made->workers.emplace_back(
            std::make_unique<worker>(made->options, made->handler, made->limits, made->bodies));
        if ((failed = added->listen(at))) return refused(failed);
        at.port(added->port());  // the first one may have drawn it
    }
    if (o.tls) {
        if (auto const read = made->read_certificate(); !read) return read.error();
    }
    return std::unique_ptr<http_server>(new http_server(std::move(made)));
}

std::uint16_t http_server::port() const noexcept { return parts_->workers.front()->port(); }

connection_counts http_server::connections() const { return parts_->limits.counts(); }

bool http_server::stopping() const noexcept { return parts_->stopping; }

std::optional<utc_time> http_server::certificate_good_until() const noexcept
{
    return parts_->options.tls ? std::optional(parts_->certificate_end.load()) : std::nullopt;
}

traffic http_server::answered() const
{
    traffic sum;
    for (auto const& w : parts_->workers) sum += w->answered();
    return sum;
}

void http_server::run(request_handler handler, std::function<void()> const& started)
{
    auto& workers = parts_->workers;
    parts_->handler = std::move(handler);
    std::signal(SIGPIPE, SIG_IGN);

    deadline_timer grace(workers.front()->io().get_executor());
    asio::signal_set hangups(workers.front()->io(), SIGHUP);
    parts_->heed_hangups(hangups);
    asio::signal_set signals(workers.front()->io(), SIGINT, SIGTERM);
    signals.async_wait([&](error_code failed, int) {
        if (failed) return;
        signals.clear();  // the next one ends the program at once
        parts_->stopping = true;
        log_info("server.stopping");
        tell_service_manager("STOPPING=1");
        grace.expires_after(parts_->options.drain_grace);
        grace.async_wait([&](error_code aborted) {
            if (aborted) return;
            log_info("server.draining");
            hangups.cancel();
            for (auto const& w : workers) w->stop();
        });
    });

    started();
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < workers.size(); ++i) {
        threads.emplace_back([&w = *workers[i]] { w.run(); });
    }
    workers.front()->run();
    for (auto& t : threads) t.join();
}

}  // namespace aircargo::server
