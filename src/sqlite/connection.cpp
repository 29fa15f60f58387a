#include "sqlite/connection.hpp"
#include <aircargo/core/assert.hpp>
#include <unistd.h>
#include <cstdlib>

namespace aircargo::detail {
namespace {

/// Makes a file that is not there, so that its owner alone reads it: SQLite would leave that to the
/// umask, and gives the files beside it the same permissions. It gets its name after it was closed,
/// since closing a file of a database ends the locks that this process has on it. Where that does
/// not work, SQLite makes the file, or says why it can not.
void make_private_file(std::string const& path)
{
    if (::access(path.c_str(), F_OK) == 0) return;
    auto unnamed = path + ".XXXXXX";
    int const file = ::mkstemp(unnamed.data());  // with mode 0600
    if (file < 0) return;
    ::close(file);
    [[maybe_unused]] int const named = ::link(unnamed.c_str(), path.c_str());
    ::unlink(unnamed.c_str());
}

}  // namespace

result<sqlite_connection> sqlite_connection::open(std::string const& path, mode m,
                                                  std::chrono::milliseconds busy_timeout)
{
    int const access =
        m == mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (m == mode::read_write) make_private_file(path);
    sqlite3* handle = nullptr;
    int const code = sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX, nullptr);
    sqlite_connection connection(handle);  // also a failed open gives a handle that must be closed
    if (code != SQLITE_OK) {
        return refuse(errc::backend_down, "cannot open " + path + ": " + sqlite3_errstr(code));
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
    return connection;
}

result<void> sqlite_connection::execute(char const* sql)
{
    if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
    return {};
}

error sqlite_connection::failure() const
{
    bool const busy = (last_code() & 0xFF) == SQLITE_BUSY;
    std::string const said = sqlite3_errmsg(handle_.get());
    return busy
               ? refuse(errc::timed_out, "another process holds the database for too long: " + said)
               : refuse(errc::backend_down, "the database can not be used: " + said);
}

sqlite_statement::sqlite_statement(sqlite_connection& connection, std::string_view sql)
{
    sqlite3_stmt* handle = nullptr;
    int const code =
        sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    AIRCARGO_ASSERT(code != SQLITE_ERROR);  // our SQL does not fit our schema
    handle_.reset(handle);
    code_ = code == SQLITE_OK ? SQLITE_DONE : code;
}

bool sqlite_statement::next()
{
    if (!handle_) return false;
    code_ = sqlite3_step(handle_.get());
    if (code_ == SQLITE_ROW) return true;
    sqlite3_reset(handle_.get());
    return false;
}

void sqlite_statement::reset() noexcept { sqlite3_reset(handle_.get()); }

std::string_view sqlite_statement::text(int column) const
{
    auto const* const data =
        reinterpret_cast<char const*>(sqlite3_column_text(handle_.get(), column));
    return data ? std::string_view(
                      data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
                : std::string_view();
}

void sqlite_statement::bind_at(int index, std::string_view value)
{
    // An empty view may have no data, and SQLite would take that for null.
    char const* const data = value.data() ? value.data() : "";
    sqlite3_bind_text(handle_.get(), index, data, static_cast<int>(value.size()), SQLITE_TRANSIENT);
}

result<void> sqlite_transaction::commit()
{
    auto const done = connection_.execute(is_part_ ? "RELEASE part" : "COMMIT");
    if (done.has_value()) {
        ended_ = true;
        return {};
    }
    bool const disk_failed = (connection_.last_code() & 0xFF) == SQLITE_IOERR;
    auto failure = done.error();
    if (disk_failed) failure.code = errc::commit_unknown;
    return failure;
}

}  // namespace aircargo::detail
