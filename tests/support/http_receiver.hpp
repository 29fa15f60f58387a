#pragma once

#include "support/sockets.hpp"
#include <poll.h>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aircargo::test {

/// A receiver of webhooks. Answers each request with the same bytes; with none it takes the request
/// and says nothing.
class receiver {
public:
    enum class then { closes, says_no_more };

    explicit receiver(std::string answer, then t = then::closes)
        : answer_(std::move(answer)),
          silent_(answer_.empty() || t == then::says_no_more),
          socket_(bound_socket(0)),
          port_(port_of(socket_))
    {
        if (listen(socket_.get(), 16) != 0) throw std::runtime_error("listen");
        thread_ = std::thread([this] { run(); });
    }
    ~receiver()
    {
        stopping_ = true;
        thread_.join();
    }

    [[nodiscard]] std::string url(std::string const& host = "127.0.0.1") const
    {
        return "http://" + host + ':' + std::to_string(port_) + "/hook";
    }
    [[nodiscard]] std::vector<std::string> requests() const
    {
        std::scoped_lock const lock(mutex_);
        return requests_;
    }

private:
    static bool readable(descriptor const& of)
    {
        pollfd asked{of.get(), POLLIN, 0};
        return poll(&asked, 1, 20) == 1;
    }
    void run()
    {
        std::vector<descriptor> silent;
        while (!stopping_) {
            if (!readable(socket_)) continue;
            descriptor client(accept(socket_.get(), nullptr, nullptr));
            serve(client);
            if (silent_) silent.push_back(std::move(client));
        }
    }
    void serve(descriptor const& client)
    {
        std::string got;
        while (!stopping_ && !got.ends_with("}")) {  // where each body ends
            if (!readable(client)) continue;
            char piece[4096];
            auto const size = recv(client.get(), piece, sizeof piece, 0);
            if (size <= 0) return;
            got.append(piece, static_cast<std::size_t>(size));
        }
        {
            std::scoped_lock const lock(mutex_);
            requests_.push_back(got);
        }
        (void)send(client.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
    }

    std::string const answer_;
    bool const silent_;
    descriptor socket_;
    std::uint16_t port_;
    std::atomic<bool> stopping_ = false;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

[[nodiscard]] inline std::string answer_of(std::string const& status,
                                           std::string const& fields = "")
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n" + fields +
           "\r\n";
}

}  // namespace aircargo::test
