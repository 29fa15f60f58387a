#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace aircargo::test {

/// A socket or another file descriptor that closes itself.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int number) : number_(number)
    {
        if (number < 0) throw std::system_error(errno, std::generic_category(), "socket");
    }
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor()
    {
        if (number_ >= 0) close(number_);
    }

    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

[[nodiscard]] inline sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// As `bind`, `connect` and their like take it.
template <int (*Call)(int, sockaddr const*, socklen_t)>
[[nodiscard]] inline int with_loopback(descriptor const& socket, std::uint16_t port)
{
    auto const address = loopback(port);
    return Call(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address);
}

/// A socket bound to `port` of 127.0.0.1, 0 for any that is free.
[[nodiscard]] inline descriptor bound_socket(std::uint16_t port)
{
    descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    int const yes = 1;
    setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (with_loopback<bind>(made, port) != 0) {
        throw std::system_error(errno, std::generic_category(), "bind");
    }
    return made;
}

/// What is written is sent at once, and so is not lost when a reset follows.
inline void send_at_once(descriptor const& socket)
{
    int const yes = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

[[nodiscard]] inline std::uint16_t port_of(descriptor const& bound)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(bound.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

}  // namespace aircargo::test
