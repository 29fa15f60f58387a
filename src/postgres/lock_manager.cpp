#include "postgres/database.hpp"
#include "postgres/pool.hpp"
#include <aircargo/lock/postgres.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_connection;
using detail::pg_parameters;
using detail::pg_pool;
using detail::pg_statement;
using std::chrono::milliseconds;
using time_point = std::chrono::steady_clock::time_point;

constexpr pg_statement lock_all{"lock_all",
                                "SELECT asked.no, pg_try_advisory_lock(asked.key)"
                                " FROM unnest($1) WITH ORDINALITY AS asked (key, no)"};
constexpr pg_statement unlock_all{
    "unlock_all", "SELECT count(pg_advisory_unlock(gone.key)) FROM unnest($1) AS gone (key)"};
/// So that the server ends a session that was silent until all its leases had run out.
constexpr pg_statement limit_idleness{"limit_idleness",
                                      "SELECT set_config('idle_session_timeout', $1, false)"};
constexpr int first_with_idle_limit = 140'000;
constexpr milliseconds no_idle_limit(0);
constexpr milliseconds shortest_idle_limit(1);
constexpr milliseconds longest_idle_limit(std::numeric_limits<std::int32_t>::max());
/// When this host is gone without a word, the server ends the session, and with it the locks, after
/// a quarter of a minute. The name tells an administrator what the connection is there for.
constexpr pg_statement prepare_locks{
    "prepare_locks",
    "SELECT set_config('application_name', current_setting('application_name') || ' (locks)', "
    "false), set_config('tcp_keepalives_idle', '5', false), "
    "set_config('tcp_keepalives_interval', '3', false), "
    "set_config('tcp_keepalives_count', '3', false)"};

/// FNV-1a from a beginning of our own, the word "aircargo", so that the same name of somebody else
/// is another lock. All programs at a database have to agree on it: never change it.
[[nodiscard]] std::int64_t key_of(std::string_view name)
{
    std::uint64_t hash = 0x6169'7263'6172'676FU;
    for (char const c : name) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100'0000'01B3U;
    }
    return static_cast<std::int64_t>(hash);
}

[[nodiscard]] pg_parameters keys_of(std::vector<std::int64_t> const& keys)
{
    return std::move(pg_parameters().column(keys, [](std::int64_t key) { return key; }));
}

/// What one call has to tell the server, in this order.
struct errand {
    std::vector<std::int64_t> unlock;
    std::vector<std::int64_t> lock;
    milliseconds idle_limit{};
};

}  // namespace

class postgres_lock_manager::state {
public:
    state(std::shared_ptr<postgres_database> database, monotonic_clock now)
        : database_(std::move(database)),
          now_(std::move(now)),
          connection_(database_->in().pool.target(), 1)
    {}

    [[nodiscard]] std::vector<result<lease>> acquire(std::span<std::string const> names,
                                                     milliseconds ttl);
    void release(std::span<lease const> leases);

private:
    [[nodiscard]] bool know(pg_connection& session);
    [[nodiscard]] std::vector<std::size_t> not_held(std::span<std::string const> names);
    [[nodiscard]] std::vector<std::int64_t> drop_ended();
    [[nodiscard]] std::optional<std::vector<bool>> run(pg_connection& session, errand const& what);
    [[nodiscard]] bool mark_released(std::span<lease const> leases);
    [[nodiscard]] bool holds_any();
    void lose_all();

    std::shared_ptr<postgres_database> const database_;
    monotonic_clock const now_;
    pg_pool connection_;

    // Of whoever has the connection.
    std::uint64_t session_ = 0;  // which one, counted by the connections that were made
    milliseconds idle_limit_{};  // that it was told

    std::mutex mutex_;  // guards what follows; entries come and go only with the connection in hand
    std::unordered_map<std::string, lease> held_;  // by this session
    std::mt19937_64 random_{std::random_device{}()};
};

/// Makes sure that the session is the one that `held_` speaks of; a new one holds nothing.
bool postgres_lock_manager::state::know(pg_connection& session)
{
    auto const present = connection_.counts().connects;
    if (session_ == present) return true;
    lose_all();
    if (session.run(prepare_locks).has_error()) return false;
    session_ = present;
    idle_limit_ = {};
    return true;
}

void postgres_lock_manager::state::lose_all()
{
    std::scoped_lock const lock(mutex_);
    held_.clear();
}

bool postgres_lock_manager::state::holds_any()
{
    std::scoped_lock const lock(mutex_);
    return !held_.empty();
}

/// Takes out all that ran out or was released. \return their keys
std::vector<std::int64_t> postgres_lock_manager::state::drop_ended()
{
    std::vector<std::int64_t> keys;
    std::scoped_lock const lock(mutex_);
    auto const now = now_();
    std::erase_if(held_, [&](auto const& entry) {
        bool const ended = entry.second.until <= now;
        if (ended) keys.push_back(key_of(entry.first));
        return ended;
    });
    return keys;
}

/// Which of the names this process has to ask for: once each, and not while it holds them.
std::vector<std::size_t> postgres_lock_manager::state::not_held(std::span<std::string const> names)
{
    std::vector<std::size_t> which;
    std::unordered_set<std::string_view> met;
    std::scoped_lock const lock(mutex_);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (met.insert(names[i]).second && !held_.contains(names[i])) which.push_back(i);
    }
    return which;
}

/// One round trip. \return which locks it gave; nothing when it failed. Then nobody knows what the
/// session holds, so it has to end.
std::optional<std::vector<bool>> postgres_lock_manager::state::run(pg_connection& session,
                                                                   errand const& what)
{
    std::vector<pg_call> calls;
    if (!what.unlock.empty()) calls.push_back({unlock_all, keys_of(what.unlock)});
    if (!what.lock.empty()) calls.push_back({lock_all, keys_of(what.lock)});
    if (calls.empty()) return std::vector<bool>();
    auto const answers_of_locks = calls.size() - 1;
    if (session.server_version() >= first_with_idle_limit && what.idle_limit != idle_limit_) {
        auto const limit = std::to_string(what.idle_limit.count());
        calls.push_back({limit_idleness, std::move(pg_parameters().value(limit))});
    }
    auto const rows = session.run(calls);
    if (rows.has_error()) {
        session.abandon();
        lose_all();
        return std::nullopt;
    }
    idle_limit_ = what.idle_limit;
    std::vector<bool> locked(what.lock.size());
    if (locked.empty()) return locked;
    auto const& answered = (*rows)[answers_of_locks];
    for (int row = 0; row < answered.size(); ++row) {
        auto const no = static_cast<std::size_t>(answered.integer(row, 0));
        locked.at(no - 1) = answered.integer(row, 1) != 0;
    }
    return locked;
}

std::vector<result<lease>> postgres_lock_manager::state::acquire(std::span<std::string const> names,
                                                                 milliseconds ttl)
{
    std::vector<result<lease>> const unavailable(
        names.size(),
        refuse(errc::lock_unavailable, "the locks can not be reached; try again in a moment"));
    auto const until = now_() + ttl;
    auto session = connection_.take();
    if (session.has_error() || !know(**session)) return unavailable;

    errand what;
    what.unlock = drop_ended();
    auto const asked = not_held(names);
    for (auto i : asked) what.lock.push_back(key_of(names[i]));
    what.idle_limit =
        std::max(idle_limit_, std::clamp(ttl, shortest_idle_limit, longest_idle_limit));
    auto const locked = run(**session, what);
    if (!locked) return unavailable;

    std::vector<result<lease>> answers;
    answers.reserve(names.size());
    for (auto const& name : names) answers.emplace_back(lock_is_busy(name));
    std::scoped_lock const lock(mutex_);
    for (std::size_t n = 0; n < asked.size(); ++n) {
        if (!(*locked)[n]) continue;
        auto const& name = names[asked[n]];
        answers[asked[n]] = held_.emplace(name, lease{name, random_() | 1U, until}).first->second;
    }
    return answers;
}

bool postgres_lock_manager::state::mark_released(std::span<lease const> leases)
{
    std::scoped_lock const lock(mutex_);
    bool any = false;
    for (auto const& given : leases) {
        auto const held = held_.find(given.name);
        if (held == held_.end() || held->second.owner != given.owner) continue;
        held->second.until = time_point::min();
        any = true;
    }
    return any;
}

/// What is marked is released. If the server can not be told now, it is with the next call.
void postgres_lock_manager::state::release(std::span<lease const> leases)
{
    if (!mark_released(leases)) return;
    auto session = connection_.take();
    if (session.has_error() || !know(**session)) return;
    errand what;
    what.unlock = drop_ended();
    what.idle_limit = holds_any() ? idle_limit_ : no_idle_limit;
    static_cast<void>(run(**session, what));
}

postgres_lock_manager::postgres_lock_manager(std::shared_ptr<postgres_database> database,
                                             monotonic_clock now)
    : state_(std::make_unique<state>(std::move(database), std::move(now)))
{}
postgres_lock_manager::~postgres_lock_manager() = default;

std::vector<result<lease>> postgres_lock_manager::acquire(std::span<std::string const> names,
                                                          milliseconds ttl)
{
    return state_->acquire(names, ttl);
}

void postgres_lock_manager::release(std::span<lease const> leases) { state_->release(leases); }

}  // namespace aircargo
