#pragma once

#include "postgres/wire.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/store/postgres.hpp>
#include <boost/system/result.hpp>
#include <libpq-fe.h>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// libpq with owners, deadlines and results. Nothing here knows a booking.
namespace aircargo::detail {

/// A statement that a connection prepares when it first meets its name.
struct pg_statement {
    std::string_view name;
    std::string_view sql;
};

struct pg_call {
    pg_statement what;
    pg_parameters with;
};

/// Why a round trip has no answer.
struct pg_failure {
    enum class kind {
        lost,       ///< the connection is gone, and what was sent may have been done
        try_again,  ///< undone by the server for a reason that may not come again
        refused     ///< undone by the server
    };
    kind what;
    error why;
    std::string state{};  ///< SQLSTATE; empty when the server said nothing
};
template <class T>
using pg_result = boost::system::result<T, pg_failure>;

/// Where and how to connect: a libpq URL with our defaults for what it does not say.
class pg_target {
public:
    /// \param which of several hosts: libpq's `target_session_attrs` where the URL has none
    /// \return the target, or `invalid_request`
    [[nodiscard]] static result<pg_target> parse(std::string const& url,
                                                 postgres_options const& options,
                                                 std::string const& which);

    [[nodiscard]] postgres_options const& options() const noexcept { return options_; }
    [[nodiscard]] std::vector<char const*> keywords() const;
    [[nodiscard]] std::vector<char const*> values() const;

private:
    std::vector<std::pair<std::string, std::string>> settings_;
    postgres_options options_;
};

/// One connection; used by one thread at a time.
class pg_connection {
public:
    /// \return the connection, or `backend_down`
    [[nodiscard]] static result<std::unique_ptr<pg_connection>> open(pg_target const& target);

    /// Sends all statements and waits for all answers: one round trip and one transaction.
    [[nodiscard]] pg_result<std::vector<pg_rows>> run(std::span<pg_call const> calls);
    [[nodiscard]] pg_result<pg_rows> run(pg_statement what, pg_parameters with = {});
    /// Runs a text of many statements, which answer nothing.
    [[nodiscard]] pg_result<void> execute(std::string const& sql);
    /// Brings rows in by COPY ... (FORMAT binary); `rows` are without head and tail.
    [[nodiscard]] pg_result<void> copy_in(std::string const& sql, std::string_view rows);

    /// How long silence is borne from now on. \return how long it was
    std::chrono::milliseconds bear_silence(std::chrono::milliseconds most) noexcept
    {
        return std::exchange(answer_timeout_, most);
    }
    /// Whether the server warned of something since the last round trip began.
    [[nodiscard]] bool warned() const noexcept { return *warned_; }
    /// False once the connection failed; then it has to go.
    [[nodiscard]] bool usable() const noexcept { return usable_; }
    /// Nobody knows any more what state the session is in: it has to go.
    void abandon() noexcept { usable_ = false; }
    /// Whether the server has hung up meanwhile; asks nobody.
    [[nodiscard]] bool hung_up();
    [[nodiscard]] int server_version() const noexcept { return PQserverVersion(handle_.get()); }

    /// Waits until the server says something by itself or `wake` (a descriptor) can be read.
    /// \return the payloads of the notifications that came; nothing once the connection failed
    [[nodiscard]] std::optional<std::vector<std::string>> wait_for_notifications(
        int wake, std::chrono::milliseconds most);

private:
    struct finish {
        void operator()(PGconn* handle) const noexcept { PQfinish(handle); }
    };
    explicit pg_connection(PGconn* handle, std::chrono::milliseconds answer_timeout) noexcept
        : handle_(handle), answer_timeout_(answer_timeout)
    {}

    [[nodiscard]] result<void> prepare_session(postgres_options const& options);
    [[nodiscard]] bool send(pg_call const& call, std::set<std::string_view>& met,
                            std::vector<bool>& is_preparation);
    [[nodiscard]] bool flush();
    [[nodiscard]] bool wait(short events);
    [[nodiscard]] PGresult* next_result();
    [[nodiscard]] pg_result<std::vector<pg_rows>> receive(std::span<pg_call const> calls,
                                                          std::vector<bool> const& is_preparation);
    [[nodiscard]] pg_result<void> receive_plain();
    [[nodiscard]] std::vector<std::string> notifications();
    [[nodiscard]] pg_failure lost(std::string_view while_doing);
    [[nodiscard]] pg_failure failure_of(PGresult const* answer);

    std::unique_ptr<PGconn, finish> handle_;
    std::chrono::milliseconds answer_timeout_;
    std::set<std::string, std::less<>> prepared_;
    std::unique_ptr<bool> warned_ = std::make_unique<bool>(false);  // libpq knows its address
    bool usable_ = true;
};

}  // namespace aircargo::detail
