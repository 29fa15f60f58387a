#include "postgres/booking_rows.hpp"
#include "postgres/database.hpp"
#include "postgres/unit_of_work.hpp"
#include <chrono>
#include <string>
#include <utility>

namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_connection;
using detail::pg_failure;
using detail::pg_parameters;
using detail::pg_result;
using detail::pg_rows;
using detail::pg_statement;
using detail::unit_of_work;

using known_answer = std::optional<std::string>;

constexpr pg_statement begin{"begin", "BEGIN"};
constexpr pg_statement commit{"commit", "COMMIT"};

/// Waits for whoever has the same key in hand. A row that is past its lifetime is taken over.
constexpr pg_statement claim{
    "claim_answer",
    "INSERT INTO answers AS a (scope, key, fingerprint, answer, created_at)"
    " VALUES ($1, $2, $3, '', $4) ON CONFLICT (scope, key) DO UPDATE SET"
    " fingerprint = excluded.fingerprint, answer = '', created_at = excluded.created_at"
    " WHERE a.created_at <= excluded.created_at - $5 * interval '1 second' RETURNING 1"};
constexpr pg_statement keep{"keep_answer",
                            "UPDATE answers SET answer = $3 WHERE scope = $1 AND key = $2"};
constexpr pg_statement find_answer{
    "find_answer",
    "SELECT fingerprint, answer FROM answers WHERE scope = $1 AND key = $2"
    " AND created_at > $3::timestamptz - $4 * interval '1 second'"};

[[nodiscard]] std::int64_t lifetime()
{
    return std::chrono::seconds(idempotency_key::lifetime).count();
}

[[nodiscard]] pg_parameters name_of(idempotency_key const& key)
{
    return std::move(pg_parameters().value(key.scope).value(key.key));
}

[[nodiscard]] pg_call find_call(idempotency_key const& key, utc_time now)
{
    return {find_answer, std::move(name_of(key).value(now).value(lifetime()))};
}

[[nodiscard]] result<known_answer> read_answer(pg_rows const& rows, idempotency_key const& key)
{
    if (rows.size() == 0) return known_answer();
    if (rows.text(0, 0) != key.fingerprint) return idempotency_clash(key);
    return known_answer(rows.text(0, 1));
}

/// A transaction that is undone unless it ended.
class open_transaction {
public:
    explicit open_transaction(pg_connection& c) : connection_(c) {}
    ~open_transaction()
    {
        if (ended_ || !connection_.usable()) return;
        if (connection_.execute("ROLLBACK").has_error()) connection_.abandon();
    }
    open_transaction(open_transaction const&) = delete;
    open_transaction& operator=(open_transaction const&) = delete;

    void ended() noexcept { ended_ = true; }

private:
    pg_connection& connection_;
    bool ended_ = false;
};

/// One call of `once`, which may take several attempts.
class doing_once {
public:
    doing_once(postgres_database::state& db, idempotency_key const& key, utc_time now,
               answering_work const& work)
        : db_(db), key_(key), now_(now), work_(work)
    {}

    /// Once a connection was lost on the way nobody knows what became of it until the next attempt
    /// is answered: that finds the answer, or does it all.
    [[nodiscard]] result<known_answer> run()
    {
        auto give_up = clock::time_point::max();
        bool was_lost = false;
        for (int tries = 1;; ++tries) {
            auto done = attempt();
            if (done.has_value()) return *std::move(done);
            auto const& [what, why, state] = done.error();
            if (what == pg_failure::kind::lost && !was_lost) {
                give_up = clock::now() + db_.pool.target().options().settle_timeout;
                was_lost = true;
            }
            bool const again =
                was_lost || (what == pg_failure::kind::try_again && tries < most_tries);
            if (!again) return why;
            if (clock::now() >= give_up) return left_open(why);
            db_.pool.wait_for_next_attempt(give_up, tries > 1);
        }
    }

private:
    using clock = detail::pg_pool::clock;

    [[nodiscard]] error left_open(error const& why)
    {
        if (!commit_was_sent_) return why;
        ++db_.unsettled;
        return refuse(errc::commit_unknown,
                      "the outcome of a transaction could not be found out: " + why.detail);
    }

    [[nodiscard]] pg_result<result<known_answer>> attempt()
    {
        auto connection = db_.pool.take();
        if (connection.has_error())
            return pg_failure{pg_failure::kind::refused, connection.error(), {}};
        open_transaction transaction(**connection);
        std::vector<pg_call> const opening{
            {begin, {}},
            {claim, std::move(name_of(key_).value(key_.fingerprint).value(now_).value(lifetime()))},
            find_call(key_, now_)};
        auto const begun = (*connection)->run(opening);
        if (begun.has_error()) return begun.error();
        bool const is_ours = (*begun)[1].size() > 0;
        if (!is_ours) return read_answer((*begun)[2], key_);
        return change(**connection, transaction);
    }

    [[nodiscard]] pg_result<result<known_answer>> change(pg_connection& connection,
                                                         open_transaction& transaction)
    {
        known_answer answer;
        {
            unit_of_work unit(&db_, connection);
            answer = work_();
            if (unit.failure()) return *unit.failure();
        }
        if (!answer) return result<known_answer>(known_answer());
        commit_was_sent_ = true;
        std::vector<pg_call> const closing{{keep, std::move(name_of(key_).value(*answer))},
                                           {commit, {}}};
        auto const committed = connection.run(closing);
        if (committed.has_error()) return committed.error();
        transaction.ended();
        return result<known_answer>(known_answer());
    }

    static constexpr int most_tries = 12;

    postgres_database::state& db_;
    idempotency_key const& key_;
    utc_time now_;
    answering_work const& work_;
    bool commit_was_sent_ = false;
};

}  // namespace

result<std::optional<std::string>> postgres_answer_store::find(idempotency_key const& key,
                                                               utc_time now)
{
    auto const call = find_call(key, now);
    auto const rows = db_->in().read(call.what, call.with);
    if (rows.has_error()) return rows.error();
    return read_answer(*rows, key);
}

result<std::optional<std::string>> postgres_answer_store::once(idempotency_key const& key,
                                                               utc_time now,
                                                               answering_work const& work)
{
    return doing_once(db_->in(), key, now, work).run();
}

}  // namespace aircargo
