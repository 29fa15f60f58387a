#pragma once

#include "support/sockets.hpp"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo::test {

/// Is shown all that one connection carries, before it goes on, and decides what does. The proxy's
/// thread calls it; the bytes come in pieces of any size.
class connection_watcher {
public:
    struct verdict {
        std::size_t pass;  ///< so many of the bytes go on, the others never arrive
        bool cut =
            false;  ///< and once they and all before them have gone on, the connection is cut
    };

    connection_watcher() = default;
    virtual ~connection_watcher() = default;
    connection_watcher(connection_watcher const&) = delete;
    connection_watcher& operator=(connection_watcher const&) = delete;

    virtual verdict from_client(std::span<std::byte const> bytes) { return {bytes.size()}; }
    virtual verdict from_server(std::span<std::byte const> bytes) { return {bytes.size()}; }
};

/// Stands before a port of 127.0.0.1 and does to its connections what networks do. All calls are
/// safe from every thread, and have happened when they return.
class fault_proxy {
public:
    using watch = std::function<std::unique_ptr<connection_watcher>()>;

    /// `for_each_connection` makes the watcher of a new connection.
    explicit fault_proxy(std::uint16_t server_port, watch for_each_connection = {});
    ~fault_proxy();
    fault_proxy(fault_proxy const&) = delete;
    fault_proxy& operator=(fault_proxy const&) = delete;

    /// Where clients connect instead of to the server.
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// Resets every connection, to the client and to the server.
    void cut_all();
    /// From now on nobody listens here, as if the server's host had just come up. Connections that
    /// there are live on.
    void refuse(bool yes);
    /// Nothing goes on, in neither direction; new connections are made, and hear nothing. What was
    /// held goes on when this ends.
    void stall(bool yes);
    /// Bytes that come from now on go on so much later.
    void delay(std::chrono::milliseconds by);

    [[nodiscard]] std::size_t connections();
    /// Bytes that came and did not go on, for a stall or a delay.
    [[nodiscard]] std::size_t held();

private:
    using clock = std::chrono::steady_clock;
    using verdict = connection_watcher::verdict;

    struct piece {
        std::vector<std::byte> bytes;
        clock::time_point due;
    };

    /// One direction of a connection.
    struct stream {
        int from = -1;
        int to = -1;
        std::deque<piece> pieces{};
        std::size_t held = 0;
        bool ended = false;          ///< the sender has nothing more to say
        bool told = false;           ///< and the receiver knows
        bool cut_when_gone = false;  ///< its watcher said so
    };

    struct link {
        descriptor client;
        descriptor server;
        std::unique_ptr<connection_watcher> watcher;
        stream up;    // from the client
        stream down;  // from the server
        bool over = false;

        link(descriptor c, descriptor s, std::unique_ptr<connection_watcher> w)
            : client(std::move(c)), server(std::move(s)), watcher(std::move(w))
        {
            up.from = down.to = client.get();
            up.to = down.from = server.get();
        }
    };

    static constexpr std::size_t most_held = 1 << 20;  // of a stream; then its sender has to wait

    void on_thread(std::function<void()> const& task);
    void run();
    void run_tasks();
    void listen_again();
    void wait_and_move();
    void accept_all();
    void move(link& l, bool client_is_ready, bool server_is_ready) const;
    void receive(link& l, stream& s) const;
    void send_on(link& l, stream& s) const;
    void finish(link& l) const;
    [[nodiscard]] bool can_send(stream const& s) const;
    [[nodiscard]] pollfd wanted(stream const& in, stream const& out) const;
    [[nodiscard]] int milliseconds_to_wait() const;
    [[nodiscard]] static verdict ask(link& l, stream const& s, std::span<std::byte const> bytes);
    static void reset(link& l);

    std::uint16_t server_port_;
    watch watch_;
    descriptor reservation_ = bound_socket(0);  // keeps the port while nobody listens
    std::uint16_t port_ = port_of(reservation_);
    descriptor wake_{eventfd(0, EFD_CLOEXEC)};
    std::mutex mutex_;
    std::vector<std::packaged_task<void()>> tasks_;  // guarded by mutex_

    // Of the thread alone.
    descriptor listener_;
    std::list<link> links_;
    clock::duration delay_{};
    bool stalled_ = false;
    bool stopped_ = false;

    std::thread thread_;
};

inline fault_proxy::fault_proxy(std::uint16_t server_port, watch for_each_connection)
    : server_port_(server_port), watch_(std::move(for_each_connection))
{
    listen_again();
    thread_ = std::thread([this] { run(); });
}

inline fault_proxy::~fault_proxy()
{
    on_thread([this] { stopped_ = true; });
    thread_.join();
}

inline void fault_proxy::cut_all()
{
    on_thread([this] {
        // Those that have come and were not taken yet are among them.
        if (listener_) accept_all();
        std::for_each(links_.begin(), links_.end(), reset);
        links_.clear();
    });
}

inline void fault_proxy::refuse(bool yes)
{
    on_thread([this, yes] {
        if (!yes) return listen_again();
        listener_ = {};
    });
}

inline void fault_proxy::stall(bool yes)
{
    on_thread([this, yes] { stalled_ = yes; });
}

inline void fault_proxy::delay(std::chrono::milliseconds by)
{
    on_thread([this, by] { delay_ = by; });
}

inline std::size_t fault_proxy::connections()
{
    std::size_t count = 0;
    on_thread([&] { count = links_.size(); });
    return count;
}

inline std::size_t fault_proxy::held()
{
    std::size_t sum = 0;
    on_thread([&] {
        for (auto const& l : links_) sum += l.up.held + l.down.held;
    });
    return sum;
}

/// A watcher that calls the proxy is on its thread already.
inline void fault_proxy::on_thread(std::function<void()> const& task)
{
    if (std::this_thread::get_id() == thread_.get_id()) return task();
    std::packaged_task<void()> packaged(task);
    auto done = packaged.get_future();
    {
        std::lock_guard const lock(mutex_);
        tasks_.push_back(std::move(packaged));
    }
    std::uint64_t const one = 1;
    static_cast<void>(write(wake_.get(), &one, sizeof one));
    done.get();
}

inline void fault_proxy::run()
{
    while (!stopped_) wait_and_move();
    std::for_each(links_.begin(), links_.end(), reset);
}

inline void fault_proxy::run_tasks()
{
    std::uint64_t ignored = 0;
    static_cast<void>(read(wake_.get(), &ignored, sizeof ignored));
    std::vector<std::packaged_task<void()>> tasks;
    {
        std::lock_guard const lock(mutex_);
        tasks.swap(tasks_);
    }
    for (auto& task : tasks) task();
}

inline void fault_proxy::listen_again()
{
    if (listener_) return;
    auto fresh = bound_socket(port_);
    if (listen(fresh.get(), SOMAXCONN) != 0) {
        throw std::system_error(errno, std::generic_category(), "listen");
    }
    listener_ = std::move(fresh);
}

inline void fault_proxy::wait_and_move()
{
    std::vector<pollfd> polled{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (auto const& l : links_) {
        polled.push_back(wanted(l.up, l.down));
        polled.push_back(wanted(l.down, l.up));
    }
    if (poll(polled.data(), polled.size(), milliseconds_to_wait()) < 0) return;  // EINTR

    auto at = polled.begin() + 2;
    for (auto& l : links_) {
        bool const client_is_ready = (at++)->revents != 0;
        bool const server_is_ready = (at++)->revents != 0;
        move(l, client_is_ready, server_is_ready);
    }
    links_.remove_if([](link const& l) { return l.over; });
    if (polled[1].revents != 0) accept_all();
    if (polled[0].revents != 0) run_tasks();
}

/// What to wait for on the socket that `in` comes from and `out` goes to. A socket on which nothing
/// is wanted is left out, since poll would report its errors again and again.
inline pollfd fault_proxy::wanted(stream const& in, stream const& out) const
{
    short events = 0;
    if (!in.ended && in.held < most_held) events |= POLLIN;
    if (can_send(out)) events |= POLLOUT;
    return {events == 0 ? -1 : in.from, events, 0};
}

inline int fault_proxy::milliseconds_to_wait() const
{
    auto first = clock::time_point::max();
    for (auto const& l : links_) {
        for (auto const* s : {&l.up, &l.down}) {
            if (!stalled_ && !s->pieces.empty()) first = std::min(first, s->pieces.front().due);
        }
    }
    auto const now = clock::now();
    if (first == clock::time_point::max() || first <= now)
        return -1;  // what is due waits for POLLOUT
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(first - now).count());
}

inline void fault_proxy::accept_all()
{
    for (;;) {
        int const taken = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (taken < 0) return;
        descriptor client(taken);
        descriptor server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        send_at_once(client);
        send_at_once(server);
        // Where nobody listens, the first read from it says so and the client is cut.
        static_cast<void>(with_loopback<connect>(server, server_port_));
        links_.emplace_back(std::move(client), std::move(server), watch_ ? watch_() : nullptr);
    }
}

inline void fault_proxy::move(link& l, bool client_is_ready, bool server_is_ready) const
{
    if (client_is_ready) receive(l, l.up);
    if (server_is_ready) receive(l, l.down);
    send_on(l, l.up);
    send_on(l, l.down);
    finish(l);
}

inline void fault_proxy::receive(link& l, stream& s) const
{
    if (s.ended || s.held >= most_held) return;
    std::array<std::byte, 16384> buffer;
    auto const got = recv(s.from, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        s.ended = true;
        s.cut_when_gone = got < 0;  // a reset; what came before it goes on first
        return;
    }
    std::span<std::byte const> const bytes(buffer.data(), static_cast<std::size_t>(got));
    auto const [pass, cut] = ask(l, s, bytes);
    auto const passed = bytes.first(pass);
    if (pass > 0) s.pieces.push_back({{passed.begin(), passed.end()}, clock::now() + delay_});
    s.held += pass;
    if (cut) s.ended = s.cut_when_gone = true;
}

inline fault_proxy::verdict fault_proxy::ask(link& l, stream const& s,
                                             std::span<std::byte const> bytes)
{
    if (!l.watcher) return {bytes.size()};
    return &s == &l.up ? l.watcher->from_client(bytes) : l.watcher->from_server(bytes);
}

inline bool fault_proxy::can_send(stream const& s) const
{
    return !stalled_ && !s.pieces.empty() && s.pieces.front().due <= clock::now();
}

inline void fault_proxy::send_on(link& l, stream& s) const
{
    while (!l.over && can_send(s)) {
        auto& bytes = s.pieces.front().bytes;
        auto const sent = send(s.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (sent < 0) return reset(l);
        s.held -= static_cast<std::size_t>(sent);
        bytes.erase(bytes.begin(), bytes.begin() + sent);
        if (bytes.empty()) s.pieces.pop_front();
    }
}

/// Tells each side of the end of the other, once all before it has gone on.
inline void fault_proxy::finish(link& l) const
{
    if (stalled_ || l.over) return;
    for (auto* s : {&l.up, &l.down}) {
        if (!s->ended || s->told || !s->pieces.empty()) continue;
        if (s->cut_when_gone) return reset(l);
        shutdown(s->to, SHUT_WR);
        s->told = true;
    }
    l.over = l.up.told && l.down.told;
}

/// Both sides see "connection reset by peer".
inline void fault_proxy::reset(link& l)
{
    linger const at_once{1, 0};
    setsockopt(l.client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    setsockopt(l.server.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    l.over = true;
}

}  // namespace aircargo::test
