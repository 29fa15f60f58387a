#include "observe/service_manager.hpp"
#include "log.hpp"
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace aircargo::server {
namespace {

/// Sends one datagram. \return whether it was taken
[[nodiscard]] bool send_to(std::string_view path, std::string_view state)
{
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@') address.sun_path[0] = 0;  // a name of Linux alone, not of a file
    auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());

    int const socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    auto const* const to = reinterpret_cast<sockaddr const*>(&address);
    auto const sent = ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, to, size);
    int const failed = errno;
    ::close(socket);
    errno = failed;
    return sent == static_cast<ssize_t>(state.size());
}

}  // namespace

void tell_service_manager(std::string_view state)
{
    auto const* const place = std::getenv("NOTIFY_SOCKET");
    if (place == nullptr || *place == 0) return;
    if (send_to(place, state)) return;
    log_warning("service_manager.unreachable",
                {{"detail", std::system_category().message(errno)}, {"state", state}});
}

}  // namespace aircargo::server
