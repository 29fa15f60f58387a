#pragma once

#include "support/sockets.hpp"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo::test {

/// Speaks like a Redis that greets as it should, and answers whatever comes then with the same
/// bytes, at once or a byte at a time.
class false_redis {
public:
    using drip = std::optional<std::chrono::milliseconds>;

    explicit false_redis(std::string answer, drip between_bytes = {})
        : answer_(std::move(answer)), drip_(between_bytes)
    {
        static_cast<void>(listen(listener_.get(), SOMAXCONN));
        thread_ = std::thread([this] { run(); });
    }
    ~false_redis()
    {
        static_cast<void>(eventfd_write(stop_.get(), 1));
        thread_.join();
    }
    false_redis(false_redis const&) = delete;
    false_redis& operator=(false_redis const&) = delete;

    [[nodiscard]] std::string url() const
    {
        return "redis://127.0.0.1:" + std::to_string(port_of(listener_));
    }

private:
    struct client {
        descriptor socket;
        std::string unsent{};
        bool over = false;
    };

    [[nodiscard]] static std::string greeting()
    {
        std::string const info = "# Server\r\nrun_id:0123\r\nloading:0\r\nrole:master\r\n";
        return "$" + std::to_string(info.size()) + "\r\n" + info + "\r\n";
    }

    void run()
    {
        for (;;) {
            std::vector<pollfd> polled{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
            for (auto const& c : clients_) polled.push_back({c.socket.get(), POLLIN, 0});
            static_cast<void>(
                poll(polled.data(), polled.size(), drip_ ? static_cast<int>(drip_->count()) : -1));
            if (polled[0].revents != 0) return;
            auto at = polled.begin() + 2;
            for (auto& c : clients_) {
                if ((at++)->revents != 0) hear(c);
                send_some(c);
            }
            clients_.remove_if([](auto const& c) { return c.over; });
            if (polled[1].revents != 0)
                clients_.push_back({descriptor(accept(listener_.get(), nullptr, nullptr))});
        }
    }
    void hear(client& c) const
    {
        std::array<char, 65'536> bytes{};
        auto const got = recv(c.socket.get(), bytes.data(), bytes.size(), 0);
        c.over = got <= 0;
        if (c.over) return;
        std::string const heard(bytes.data(), static_cast<std::size_t>(got));
        if (heard.find("INFO") == std::string::npos) {
            c.unsent += answer_;
        } else {
            static_cast<void>(
                ::send(c.socket.get(), greeting().data(), greeting().size(), MSG_NOSIGNAL));
        }
    }
    void send_some(client& c) const
    {
        auto const size = drip_ ? std::min<std::size_t>(1, c.unsent.size()) : c.unsent.size();
        static_cast<void>(::send(c.socket.get(), c.unsent.data(), size, MSG_NOSIGNAL));
        c.unsent.erase(0, size);
    }

    std::string answer_;
    drip drip_;
    descriptor listener_ = bound_socket(0);
    descriptor stop_{eventfd(0, EFD_CLOEXEC)};
    std::list<client> clients_;
    std::thread thread_;
};

}  // namespace aircargo::test
