#include "postgres/connection.hpp"
#include <aircargo/core/assert.hpp>
#include <poll.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace aircargo::detail {
namespace {

constexpr int binary = 1;
constexpr int oldest_server = 130'000;

[[nodiscard]] std::string one_line(char const* text)
{
    std::string line(text ? text : "");
    while (!line.empty() && line.back() == '\n') line.pop_back();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

/// How the classes of SQLSTATE read to a caller. What is not listed is a fault of ours or damage,
/// which a caller can do no more about than about an outage.
[[nodiscard]] errc code_of(std::string_view sqlstate)
{
    constexpr std::string_view lock_timeout = "55P03";
    constexpr std::string_view cancelled = "57014";
    if (sqlstate == lock_timeout || sqlstate == cancelled) return errc::timed_out;
    return errc::backend_down;
}

/// Undone for a reason that is gone when it is run again: a race, a deadlock, a plan that a
/// migration made stale, a primary that became a replica.
[[nodiscard]] bool worth_another_try(std::string_view sqlstate)
{
    constexpr std::array<std::string_view, 6> states{
        "40001",  // serialization failure
        "40P01",  // deadlock
        "23505",  // somebody made the same reference or key at the same moment
        "26000",  // the prepared statement is gone
        "0A000",  // the cached plan would answer something else
        "25006",  // read-only: no longer the primary
    };
    return std::find(states.begin(), states.end(), sqlstate) != states.end();
}

/// The connection is of no more use although it still stands.
[[nodiscard]] bool spoils_connection(std::string_view sqlstate)
{
    return sqlstate == "26000" || sqlstate == "0A000" || sqlstate == "25006";
}

void note_warning(void* warned, PGresult const* notice)
{
    char const* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && std::string_view(severity) == "WARNING") *static_cast<bool*>(warned) = true;
}

[[nodiscard]] std::string milliseconds(std::chrono::milliseconds t)
{
    return std::to_string(t.count());
}

}  // namespace

result<pg_target> pg_target::parse(std::string const& url, postgres_options const& options,
                                   std::string const& which)
{
    std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> const parsed(
        PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
    // libpq's own words would quote the URL, and there may be a password in it.
    if (!parsed) return refuse(errc::invalid_request, "the URL is unreadable to libpq");

    pg_target target;
    target.options_ = options;
    std::set<std::string> given;
    bool several_hosts = false;
    for (auto const* option = parsed.get(); option->keyword; ++option) {
        if (!option->val) continue;
        std::string const name = option->keyword;
        if (name == "host" || name == "hostaddr")
            several_hosts = several_hosts || std::strchr(option->val, ',');
        given.insert(name);
        target.settings_.emplace_back(name, option->val);
    }
    auto const by_default = [&](char const* name, std::string value) {
        if (!given.contains(name)) target.settings_.emplace_back(name, std::move(value));
    };
    by_default("application_name", "aircargo");
    by_default("connect_timeout", std::to_string(options.connect_timeout.count()));
    // A peer that is gone without a word is noticed within a quarter of a minute.
    by_default("keepalives_idle", "5");
    by_default("keepalives_interval", "3");
    by_default("keepalives_count", "3");
    by_default("tcp_user_timeout", "14000");
    if (several_hosts) by_default("target_session_attrs", which);
    target.settings_.emplace_back("client_encoding", "UTF8");
    return target;
}

std::vector<char const*> pg_target::keywords() const
{
    std::vector<char const*> out;
    for (auto const& [name, value] : settings_) out.push_back(name.c_str());
    out.push_back(nullptr);
    return out;
}

std::vector<char const*> pg_target::values() const
{
    std::vector<char const*> out;
    for (auto const& [name, value] : settings_) out.push_back(value.c_str());
    out.push_back(nullptr);
    return out;
}

result<std::unique_ptr<pg_connection>> pg_connection::open(pg_target const& target)
{
    constexpr int no_urls_in_dbname = 0;
    auto* const handle =
        PQconnectdbParams(target.keywords().data(), target.values().data(), no_urls_in_dbname);
    std::unique_ptr<pg_connection> made(new pg_connection(handle, target.options().answer_timeout));
    if (!handle || PQstatus(handle) != CONNECTION_OK) {
        return refuse(errc::backend_down,
                      "PostgreSQL can not be reached: " + one_line(PQerrorMessage(handle)));
    }
    // A library has no terminal to print to.
    PQsetNoticeReceiver(handle, note_warning, made->warned_.get());
    PQsetnonblocking(handle, 1);
    if (made->server_version() < oldest_server) {
        return refuse(errc::invalid_request, "PostgreSQL 13 or newer is needed");
    }
    if (auto const ready = made->prepare_session(target.options()); !ready) return ready.error();
    return made;
}

/// Our statements are written so that one plan is right for all tables from empty to huge: an index
/// for every row that is looked up. Left to itself the server would plan for the table as it is
/// now, keep that plan, and read a table of millions from end to end a minute later.
///
/// Pages cost nothing, so that plans are compared by the rows that they look at. With the costs of
/// a disk, a list of one airport would rather walk all bookings by creation, as they lie, and leave
/// out those of others: of a rare airport that is the whole table.
result<void> pg_connection::prepare_session(postgres_options const& options)
{
    constexpr std::string_view sql =
        "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false), "
        "set_config('idle_in_transaction_session_timeout', $3, false), "
        "set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false), "
        "set_config('seq_page_cost', '0', false), set_config('random_page_cost', '0', false), "
        "set_config('plan_cache_mode', 'force_generic_plan', false), "
        "set_config('default_transaction_isolation', 'read committed', false), "
        // A change that was acknowledged has to be durable, whatever the server's default.
        "CASE current_setting('synchronous_commit') WHEN 'off' "
        "THEN set_config('synchronous_commit', 'on', false) END";
    auto const done = run({"prepare_session", sql},
                          pg_parameters()
                              .value(milliseconds(options.statement_timeout))
                              .value(milliseconds(options.lock_timeout))
                              .value(milliseconds(options.idle_in_transaction_timeout)));
    if (done.has_error()) return done.error().why;
    return {};
}

bool pg_connection::send(pg_call const& call, std::set<std::string_view>& met,
                         std::vector<bool>& is_preparation)
{
    auto const& [what, with] = call;
    auto const count = static_cast<int>(with.size());
    std::string const name(what.name);
    if (!prepared_.contains(what.name) && met.insert(what.name).second) {
        std::string const sql(what.sql);
        if (!PQsendPrepare(handle_.get(), name.c_str(), sql.c_str(), count, with.types().data()))
            return false;
        is_preparation.push_back(true);
    }
    std::vector<char const*> values;
    std::vector<int> lengths;
    for (auto const& value : with.values()) {
        values.push_back(value.data());
        lengths.push_back(static_cast<int>(value.size()));
    }
    std::vector<int> const formats(with.size(), binary);
    is_preparation.push_back(false);
    return PQsendQueryPrepared(handle_.get(), name.c_str(), count, values.data(), lengths.data(),
                               formats.data(), binary) == 1;
}

/// Waits for the socket; false after too long a silence.
bool pg_connection::wait(short events)
{
    pollfd socket{PQsocket(handle_.get()), events, 0};
    for (;;) {
        int const ready = poll(&socket, 1, static_cast<int>(answer_timeout_.count()));
        if (ready >= 0 || errno != EINTR) return ready > 0;
    }
}

bool pg_connection::flush()
{
    for (;;) {
        int const left = PQflush(handle_.get());
        if (left <= 0) return left == 0;
        // The server may want to be read before it reads on.
        if (!wait(POLLIN | POLLOUT) || !PQconsumeInput(handle_.get())) return false;
    }
}

/// The next result, null at the end of a statement's; nothing more comes once it is not usable.
PGresult* pg_connection::next_result()
{
    while (PQisBusy(handle_.get())) {
        if (!wait(POLLIN) || !PQconsumeInput(handle_.get())) {
            usable_ = false;
            return nullptr;
        }
    }
    return PQgetResult(handle_.get());
}

pg_failure pg_connection::lost(std::string_view while_doing)
{
    usable_ = false;
    return {pg_failure::kind::lost,
            refuse(errc::backend_down, "the connection to PostgreSQL was lost while " +
                                           std::string(while_doing) + ": " +
                                           one_line(PQerrorMessage(handle_.get()))),
            {}};
}

pg_failure pg_connection::failure_of(PGresult const* answer)
{
    auto const field = [&](int which) {
        char const* const text = PQresultErrorField(answer, which);
        return std::string(text ? text : "");
    };
    auto const state = field(PG_DIAG_SQLSTATE);
    auto const severity = field(PG_DIAG_SEVERITY_NONLOCALIZED);
    // The last words of a server process: what it was doing when it ended, nobody knows.
    if (severity == "FATAL" || severity == "PANIC" || state.empty()) return lost("it was used");
    if (spoils_connection(state)) usable_ = false;
    auto const kind =
        worth_another_try(state) ? pg_failure::kind::try_again : pg_failure::kind::refused;
    return {kind,
            refuse(code_of(state),
                   "PostgreSQL refused: " + state + " " + field(PG_DIAG_MESSAGE_PRIMARY)),
            state};
}

pg_result<std::vector<pg_rows>> pg_connection::receive(std::span<pg_call const> calls,
                                                       std::vector<bool> const& is_preparation)
{
    std::vector<pg_rows> answers;
    std::optional<pg_failure> failure;
    std::size_t statement = 0;  // of is_preparation
    for (;;) {
        auto* const raw = next_result();
        if (!raw) {
            if (!usable_ || PQstatus(handle_.get()) == CONNECTION_BAD)
                return lost("it was waited for");
            ++statement;
            continue;
        }
        pg_rows rows(raw);
        auto const status = PQresultStatus(raw);
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            AIRCARGO_ASSERT(statement < is_preparation.size());
            if (is_preparation[statement]) {
                prepared_.emplace(calls[answers.size()].what.name);
            } else {
                answers.push_back(std::move(rows));
            }
        } else if (!failure && status != PGRES_PIPELINE_ABORTED) {
            failure = failure_of(raw);
        }
    }
    if (failure) return *failure;
    AIRCARGO_ASSERT(answers.size() == calls.size());
    return answers;
}

pg_result<std::vector<pg_rows>> pg_connection::run(std::span<pg_call const> calls)
{
    *warned_ = false;
    if (!PQenterPipelineMode(handle_.get())) return lost("it was taken");
    std::set<std::string_view> met;
    std::vector<bool> is_preparation;
    for (auto const& call : calls) {
        if (!send(call, met, is_preparation)) return lost("it was written to");
    }
    if (!PQpipelineSync(handle_.get()) || !flush()) return lost("it was written to");
    auto answers = receive(calls, is_preparation);
    if (usable_ && !PQexitPipelineMode(handle_.get())) usable_ = false;
    return answers;
}

pg_result<pg_rows> pg_connection::run(pg_statement what, pg_parameters with)
{
    pg_call const call{what, std::move(with)};
    auto answers = run({&call, 1});
    if (answers.has_error()) return answers.error();
    return std::move(answers->front());
}

/// Takes in the results of a plain query up to its end.
pg_result<void> pg_connection::receive_plain()
{
    std::optional<pg_failure> failure;
    for (;;) {
        auto* const raw = next_result();
        if (!raw) break;
        pg_rows const owned(raw);
        auto const status = PQresultStatus(raw);
        if (status == PGRES_COPY_IN) return {};
        if (status == PGRES_FATAL_ERROR && !failure) failure = failure_of(raw);
    }
    if (!usable_ || PQstatus(handle_.get()) == CONNECTION_BAD) return lost("it was waited for");
    if (failure) return *failure;
    return {};
}

pg_result<void> pg_connection::execute(std::string const& sql)
{
    if (!PQsendQuery(handle_.get(), sql.c_str()) || !flush()) return lost("it was written to");
    return receive_plain();
}

pg_result<void> pg_connection::copy_in(std::string const& sql, std::string_view rows)
{
    constexpr std::string_view head("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    constexpr std::string_view tail("\377\377", 2);
    constexpr std::size_t piece = 1U << 20U;
    auto const put = [&](std::string_view bytes) {
        for (;;) {
            int const taken =
                PQputCopyData(handle_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (taken != 0) return taken == 1;
            if (!flush()) return false;
        }
    };
    if (auto begun = execute(sql); begun.has_error()) return begun;
    bool sent = put(head);
    for (std::size_t at = 0; sent && at < rows.size(); at += piece) {
        sent = put(rows.substr(at, piece)) && flush();
    }
    if (!sent || !put(tail) || PQputCopyEnd(handle_.get(), nullptr) != 1)
        return lost("rows were copied");
    if (!flush()) return lost("rows were copied");
    return receive_plain();
}

/// What an idle connection has to say are the server's last words, or so rare (a setting was
/// reloaded) that making a new one does not matter.
bool pg_connection::hung_up()
{
    pollfd socket{PQsocket(handle_.get()), POLLIN, 0};
    if (poll(&socket, 1, 0) > 0) usable_ = false;
    return !usable_;
}

std::vector<std::string> pg_connection::notifications()
{
    std::vector<std::string> payloads;
    while (PGnotify* const notice = PQnotifies(handle_.get())) {
        payloads.emplace_back(notice->extra);
        PQfreemem(notice);
    }
    return payloads;
}

std::optional<std::vector<std::string>> pg_connection::wait_for_notifications(
    int wake, std::chrono::milliseconds most)
{
    auto came_already = notifications();  // together with an answer
    if (!came_already.empty()) return came_already;
    std::array<pollfd, 2> watched{{{PQsocket(handle_.get()), POLLIN, 0}, {wake, POLLIN, 0}}};
    (void)poll(watched.data(), watched.size(), static_cast<int>(most.count()));
    if (watched[0].revents != 0 &&
        (!PQconsumeInput(handle_.get()) || PQstatus(handle_.get()) == CONNECTION_BAD)) {
        usable_ = false;
        return std::nullopt;
    }
    return notifications();
}

}  // namespace aircargo::detail
