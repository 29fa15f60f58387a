#pragma once

#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace aircargo::test {

/// PostgreSQL is not installed. A test that needs it is skipped.
struct postgres_missing : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A PostgreSQL server of this process, started by tests/support/private_postgres.py and gone with
/// this process, whatever ends it. With AIRCARGO_TEST_POSTGRES in the environment it is the server
/// of that URL instead. Thread-safe.
class private_postgres {
public:
    private_postgres();
    ~private_postgres();
    private_postgres(private_postgres const&) = delete;
    private_postgres& operator=(private_postgres const&) = delete;

    [[nodiscard]] std::string const& url() const noexcept { return url_; }

    /// The URL of a new, empty database.
    [[nodiscard]] std::string fresh_database();

private:
    struct finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    struct clear {
        void operator()(PGresult* result) const noexcept { PQclear(result); }
    };
    using connection = std::unique_ptr<PGconn, finish>;

    void start();
    [[nodiscard]] std::string read_line() const;
    [[nodiscard]] int wait() noexcept;
    [[nodiscard]] connection connect() const;
    [[nodiscard]] bool create(connection const& to, std::string const& name) const;
    void drop_databases() noexcept;

    std::string url_;
    pid_t program_ = -1;
    int its_input_ = -1;
    int its_output_ = -1;
    std::mutex mutex_;  // guards what follows
    unsigned count_ = 0;
    std::vector<std::string> databases_;
};

/// One server for all tests of this process, started when the first of them asks.
/// \throws postgres_missing
inline private_postgres& shared_postgres()
{
    static private_postgres server;
    return server;
}

/// `url` with another database.
inline std::string with_database(std::string_view url, std::string_view name)
{
    auto const scheme = url.find("://");
    if (scheme == std::string_view::npos) {
        throw std::runtime_error("no URL of a PostgreSQL server: " + std::string(url));
    }
    auto const end = url.find_first_of("/?", scheme + 3);
    auto const options = url.find('?', scheme + 3);
    return std::string(url.substr(0, end)) + "/" + std::string(name) +
           std::string(options == std::string_view::npos ? "" : url.substr(options));
}

inline private_postgres::private_postgres()
{
    char const* const given = std::getenv("AIRCARGO_TEST_POSTGRES");
    if (given != nullptr && *given != '\0') {
        url_ = given;
        return;
    }
    start();
    url_ = read_line();
    if (!url_.empty()) return;
    if (wait() == 77) throw postgres_missing("PostgreSQL is not installed");
    throw std::runtime_error("private_postgres.py started no server; it told why on stderr");
}

inline private_postgres::~private_postgres()
{
    if (program_ < 0) drop_databases();
    static_cast<void>(wait());
}

inline std::string private_postgres::fresh_database()
{
    auto const server = connect();
    std::lock_guard const lock(mutex_);
    for (;;) {
        // Several test programs may share the server that AIRCARGO_TEST_POSTGRES names.
        auto name = "t" + std::to_string(getpid()) + "_" + std::to_string(++count_);
        if (!create(server, name)) continue;
        databases_.push_back(name);
        return with_database(url_, name);
    }
}

/// It ends when its input does, and the kernel ends that however this process goes.
inline void private_postgres::start()
{
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    its_input_ = input[1];
    its_output_ = output[0];

    std::string python = AIRCARGO_PYTHON;
    std::string script = AIRCARGO_SOURCE_DIR "/tests/support/private_postgres.py";
    std::array<char*, 3> const words{python.data(), script.data(), nullptr};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
    int const failed =
        posix_spawn(&program_, python.c_str(), &files, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    close(input[0]);
    close(output[1]);
    if (failed != 0) {
        program_ = -1;
        throw std::system_error(failed, std::generic_category(), python);
    }
}

/// Empty when the program ended before it wrote one.
inline std::string private_postgres::read_line() const
{
    std::string line;
    char c = '\0';
    for (;;) {
        auto const got = read(its_output_, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return {};
        if (c == '\n') return line;
        line += c;
    }
}

/// Ends the program and tells its exit status.
inline int private_postgres::wait() noexcept
{
    if (program_ < 0) return 0;
    close(its_input_);
    int status = 0;
    while (waitpid(program_, &status, 0) < 0 && errno == EINTR) {
    }
    close(its_output_);
    program_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline private_postgres::connection private_postgres::connect() const
{
    connection made(PQconnectdb(url_.c_str()));
    if (PQstatus(made.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(made.get()));
    return made;
}

/// Whether the name was free.
inline bool private_postgres::create(connection const& to, std::string const& name) const
{
    std::unique_ptr<PGresult, clear> const answer(
        PQexec(to.get(), ("CREATE DATABASE " + name).c_str()));
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) return true;
    char const* const state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    if (state != nullptr && std::string_view(state) == "42P04") return false;  // it exists
    throw std::runtime_error(PQerrorMessage(to.get()));
}

/// A server that is not ours gets its databases out of the way.
inline void private_postgres::drop_databases() noexcept
{
    if (databases_.empty()) return;
    connection const server(PQconnectdb(url_.c_str()));
    for (auto const& name : databases_) {
        PQclear(PQexec(server.get(), ("DROP DATABASE " + name + " WITH (FORCE)").c_str()));
    }
}

}  // namespace aircargo::test
