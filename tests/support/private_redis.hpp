#pragma once

#include "support/sockets.hpp"
#include <aircargo/redis/node.hpp>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace aircargo::test {

/// redis-server is not installed. A test that needs it is skipped.
struct redis_missing : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A Redis of this process: on a free port of 127.0.0.1, holding nothing on disk, and gone with
/// this process, whatever ends it. Can be killed, started again, frozen and emptied. Not for
/// several threads at a time.
class private_redis {
public:
    /// `settings` are flags of redis-server, such as `--requirepass x`, a word each.
    explicit private_redis(std::vector<std::string> settings = {}) : settings_(std::move(settings))
    {
        start();
    }
    ~private_redis() { kill(); }
    private_redis(private_redis const&) = delete;
    private_redis& operator=(private_redis const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_of(reserved_); }
    [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(port()); }

    /// Once more after `kill`: empty, on the same port. It answers when this returns.
    void start();
    void kill();
    /// Connections stay open, and nobody answers.
    void pause() { signal_and_wait(SIGSTOP, WSTOPPED); }
    void resume() { signal_and_wait(SIGCONT, WCONTINUED); }
    /// What a command answers. \throws std::system_error when the server does not
    redis_reply ask(redis_command command)
    {
        return open_redis(url()).value()->run({std::move(command)}).value().replies.front();
    }
    void flush() { (void)ask({"FLUSHALL"}); }

private:
    void signal_and_wait(int number, int until);
    [[nodiscard]] bool answers() const;

    std::vector<std::string> settings_;
    // Bound and not listening: nobody else is given this port while the server is down.
    descriptor reserved_ = bound_socket(0);
    pid_t server_ = -1;
};

inline void private_redis::start()
{
    // setpriv, so that the server goes when this process is killed.
    std::vector<std::string> words{"setpriv",
                                   "--pdeathsig",
                                   "KILL",
                                   "--",
                                   "redis-server",
                                   "--port",
                                   std::to_string(port()),
                                   "--bind",
                                   "127.0.0.1",
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "no",
                                   "--logfile",
                                   "/dev/null",
                                   "--dir",
                                   std::filesystem::temp_directory_path().string()};
    words.insert(words.end(), settings_.begin(), settings_.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (std::system("command -v redis-server >/dev/null 2>&1") != 0)
        throw redis_missing("redis-server is not installed (Debian package redis-server)");
    int const failed =
        posix_spawnp(&server_, "setpriv", nullptr, nullptr, arguments.data(), environ);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "setpriv");
    while (!answers()) {
        if (waitpid(server_, nullptr, WNOHANG) == server_) {
            server_ = -1;
            throw std::runtime_error("redis-server ended at once");
        }
    }
}

inline void private_redis::kill()
{
    if (server_ < 0) return;
    ::kill(server_, SIGKILL);
    waitpid(server_, nullptr, 0);
    server_ = -1;
}

inline void private_redis::signal_and_wait(int number, int until)
{
    ::kill(server_, number);
    siginfo_t told{};
    waitid(P_PID, static_cast<id_t>(server_), &told, until);
}

/// Anything: it may ask for a password.
inline bool private_redis::answers() const
{
    descriptor const to(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (with_loopback<connect>(to, port()) != 0) return false;
    std::string const ping = "PING\r\n";
    char byte = 0;
    return send(to.get(), ping.data(), ping.size(), MSG_NOSIGNAL) > 0 &&
           recv(to.get(), &byte, 1, 0) == 1;
}

/// Servers that all tests of this process share, started when the first of them asks, emptied for
/// each that does. \throws redis_missing
inline private_redis& shared_redis(std::size_t which = 0)
{
    static std::vector<std::unique_ptr<private_redis>> servers;
    while (servers.size() <= which) servers.push_back(std::make_unique<private_redis>());
    servers[which]->flush();
    return *servers[which];
}

}  // namespace aircargo::test
