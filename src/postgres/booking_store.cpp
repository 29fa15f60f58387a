#include "postgres/booking_figures.hpp"
#include "postgres/booking_lists.hpp"
#include "postgres/booking_rows.hpp"
#include "postgres/booking_writes.hpp"
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace aircargo {
namespace {

using detail::booking_transaction;
using detail::numbered_change;
using detail::pg_call;
using detail::pg_failure;
using detail::pg_parameters;
using detail::pg_pool;
using detail::pg_rows;
using detail::pg_statement;

using answers_of_batch = std::vector<result<booking>>;

/// Batches whose names can not all be locked in one order go one after the other, and so do those
/// who met in a deadlock all the same. The number is the word "deadlock".
constexpr std::string_view deadlock = "40P01";
constexpr pg_statement alone{"apply_alone", "SELECT pg_advisory_xact_lock(7234295460384433003)"};

/// When a batch met a row that is held for long, its entries go on one by one, and wait no longer.
constexpr std::string_view lock_timeout = "55P03";
constexpr std::string_view bad_data = "22";     // this and the next are classes of SQLSTATE
constexpr std::string_view broken_rule = "23";  // a constraint
constexpr pg_statement wait_briefly{"apply_wait_briefly",
                                    "SELECT set_config('lock_timeout', '50ms', true)"};

/// Why changes were not applied, looked up once the transaction has ended.
constexpr std::string_view explain_sql =
    "SELECT r.no, b.revision, (SELECT e.change_no FROM booking_events AS e"
    "  WHERE e.booking_id = b.id AND e.seq = r.seq)"
    " FROM unnest($1, $2) WITH ORDINALITY AS r (ref_id, seq, no)"
    " LEFT JOIN LATERAL"
    " (SELECT id, revision FROM bookings WHERE ref_id = r.ref_id COLLATE \"C\" LIMIT 1) AS b"
    " ON true ORDER BY r.no";

[[nodiscard]] std::vector<flight_id> flights_of(change const& c)
{
    std::vector<flight_id> ids;
    if (c.fact.seq == 1) {
        for (auto const& l : c.after.terms.legs) ids.push_back(l.flight);
    } else if (c.fact.flight) {
        ids.push_back(c.fact.flight->id);
    }
    return ids;
}

/// Whether a later entry about a booking brings a key that is new to the batch, or a later entry
/// under a key a booking: each is locked when the first entries hold their locks already. No batch
/// of a service is like that, since each of its bookings comes once.
[[nodiscard]] bool is_tangled(std::span<change const> changes)
{
    std::set<std::pair<std::string_view, std::string_view>> keys;
    std::set<std::string> refs;
    if (std::none_of(changes.begin(), changes.end(), [](auto const& c) { return c.key; }))
        return false;
    for (auto const& c : changes) {
        bool const new_ref = refs.insert(c.after.terms.ref.str()).second;
        bool const new_key = c.key && keys.insert({c.key->scope, c.key->key}).second;
        bool const old_key = c.key && !new_key;
        if ((!new_ref && new_key) || (old_key && new_ref && c.fact.seq > 1)) return true;
    }
    return false;
}

/// One batch on its way: sent until its outcome is known, then answered entry by entry.
class delivery {
public:
    delivery(postgres_database::state& db, std::span<change const> changes)
        : db_(db), transaction_(changes), answers_(changes.size(), not_decided())
    {
        if (is_tangled(changes)) first_.push_back({alone, {}});
    }

    /// As `run`, and when one entry spoils the batch (somebody else holds its booking for too long,
    /// or the database can not take its values), only that one is refused.
    [[nodiscard]] answers_of_batch run_each_alone_if_need_be()
    {
        auto answers = run();
        bool const spoiled = refused_with_ == lock_timeout || refused_with_.starts_with(bad_data) ||
                             refused_with_.starts_with(broken_rule);
        if (!spoiled || answers.size() == 1) return answers;
        answers.clear();
        for (auto const& c : transaction_.changes()) {
            delivery one(db_, {c.what, 1});
            one.first_.push_back({wait_briefly, {}});
            answers.push_back(one.run().front());
        }
        return answers;
    }

    [[nodiscard]] answers_of_batch run()
    {
        auto const sent = send();
        if (sent.has_error()) return all_refused(sent.error());
        auto const applied = transaction_.applied(*sent);
        std::vector<std::size_t> refused;
        for (std::size_t i = 0; i < applied.size(); ++i) {
            if (applied[i]) {
                answers_[i] = change_at(i).after;
            } else {
                refused.push_back(i);
            }
        }
        bool const all_known = refused.empty() || explain(refused);
        if (was_lost_ && all_known) ++db_.settled;
        return std::move(answers_);
    }

private:
    using clock = pg_pool::clock;

    [[nodiscard]] static error not_decided()
    {
        return refuse(errc::commit_unknown, "the batch has no outcome");
    }
    [[nodiscard]] change const& change_at(std::size_t i) const
    {
        return *transaction_.changes()[i].what;
    }
    [[nodiscard]] answers_of_batch all_refused(error const& why) const
    {
        return answers_of_batch(answers_.size(), why);
    }

    /// Sends the transaction, and once it was lost on the way again and again, since nobody knows
    /// whether it happened until it is answered.
    [[nodiscard]] result<std::vector<pg_rows>> send()
    {
        auto give_up = clock::time_point::max();
        for (int tries = 1;; ++tries) {
            auto sent = send_once();
            if (sent.has_value()) return *std::move(sent);
            auto const& [what, why, state] = sent.error();
            if (what == pg_failure::kind::lost && !was_lost_) {
                // The outcome is looked for from now on, however long it took to be lost.
                give_up = clock::now() + settle_timeout();
                was_lost_ = true;
            }
            bool const again =
                was_lost_ || (what == pg_failure::kind::try_again && tries < most_tries);
            if (!again) {
                refused_with_ = state;
                return why;
            }
            if (clock::now() >= give_up) return unsettled(why);
            if (state == deadlock && first_.empty()) first_.push_back({alone, {}});
            db_.pool.wait_for_next_attempt(give_up, tries > 1);
        }
    }

    [[nodiscard]] std::chrono::milliseconds settle_timeout() const
    {
        return db_.pool.target().options().settle_timeout;
    }

    [[nodiscard]] detail::pg_result<std::vector<pg_rows>> send_once()
    {
        auto connection = db_.pool.take();
        if (connection.has_error())
            return pg_failure{pg_failure::kind::refused, connection.error(), {}};
        std::vector<pg_call> calls = first_;
        calls.insert(calls.end(), transaction_.calls().begin(), transaction_.calls().end());
        if (was_lost_) calls.push_back({detail::wait_for_standby, {}});
        auto answers = (*connection)->run(calls);
        if (answers.has_error()) return answers;
        if ((*connection)->warned()) return not_replicated();
        answers->erase(answers->begin(), answers->begin() + std::ssize(first_));
        return answers;
    }

    /// The one warning that a commit of ours can give: somebody cancelled it while it waited for
    /// the standby. It stands here, and nobody knows whether it stands there.
    [[nodiscard]] static pg_failure not_replicated()
    {
        return {pg_failure::kind::lost,
                refuse(errc::backend_down, "a commit did not wait for the standby"),
                {}};
    }

    [[nodiscard]] error unsettled(error const& why)
    {
        ++db_.unsettled;
        return refuse(errc::commit_unknown,
                      "the outcome of a transaction could not be found out: " + why.detail);
    }

    /// Asks until there is an answer: all is decided, only not known. \pre `explain` began
    template <class Read, class Answered>
    [[nodiscard]] auto insist(Read read, Answered is_answered) const
    {
        for (bool again = false;; again = true) {
            auto answer = read();
            if (is_answered(answer) || clock::now() >= explain_until_) return answer;
            db_.pool.wait_for_next_attempt(explain_until_, again);
        }
    }

    /// What stands now says why an entry was refused, or that an earlier sending applied it.
    /// \return whether that could be found out
    [[nodiscard]] bool explain(std::vector<std::size_t> const& refused)
    {
        explain_until_ = clock::now() + settle_timeout();
        auto const is_answered = [](auto const& answer) { return answer.has_value(); };
        auto const missing = insist([&] { return missing_flights(refused); }, is_answered);
        auto const present =
            missing ? insist([&] { return present_state(refused); }, is_answered) : missing.error();
        if (present.has_error()) {
            // Before this sending there may have been one that was lost.
            auto why = present.error();
            if (was_lost_) why = unsettled(why);
            for (auto i : refused) answers_[i] = why;
            return false;
        }
        std::vector<std::size_t> keyed;
        for (std::size_t k = 0; k < refused.size(); ++k) {
            auto const i = refused[k];
            answers_[i] = answer_by(*present, static_cast<int>(k), i, *missing);
            if (answers_[i].has_error() && change_at(i).key) keyed.push_back(i);
        }
        answer_used_keys(keyed);
        return true;
    }

    [[nodiscard]] result<pg_rows> present_state(std::vector<std::size_t> const& refused)
    {
        pg_parameters p;
        p.column(refused, [this](std::size_t i) {
             return change_at(i).after.terms.ref.str();
         }).column(refused, [this](std::size_t i) { return change_at(i).fact.seq; });
        return db_.read({"explain", explain_sql}, std::move(p));
    }

    [[nodiscard]] result<std::vector<flight_id>> missing_flights(
        std::vector<std::size_t> const& refused)
    {
        std::vector<flight_id> ids;
        for (auto i : refused) {
            for (auto id : flights_of(change_at(i))) ids.push_back(id);
        }
        return detail::find_missing_flights(db_, ids);
    }

    [[nodiscard]] result<booking> answer_by(pg_rows const& present, int row, std::size_t i,
                                            std::vector<flight_id> const& missing) const
    {
        auto const& c = change_at(i);
        auto const& ref = c.after.terms.ref;
        bool const is_ours =
            !present.is_null(row, 2) && present.integer(row, 2) == transaction_.changes()[i].number;
        if (is_ours) return c.after;
        for (auto id : flights_of(c)) {
            if (std::find(missing.begin(), missing.end(), id) != missing.end())
                return flight_not_found(id);
        }
        bool const exists = !present.is_null(row, 1);
        if (c.fact.seq == 1) return already_exists(ref);
        return exists ? stale_revision(ref) : booking_not_found(ref);
    }

    /// A key that was used before has its answer, whatever else would refuse the change.
    void answer_used_keys(std::vector<std::size_t> const& keyed)
    {
        std::map<utc_time, std::vector<std::size_t>> at_once;  // of one time as a rule
        for (auto i : keyed) at_once[change_at(i).fact.created_at].push_back(i);
        for (auto const& [now, entries] : at_once) {
            auto const known = answers_of_keys(entries, now);
            for (std::size_t k = 0; k < entries.size(); ++k) {
                if (known[k].has_error()) {
                    answers_[entries[k]] = known[k].error();
                } else if (*known[k]) {
                    answers_[entries[k]] = **known[k];
                }
            }
        }
    }

    [[nodiscard]] std::vector<result<std::optional<booking>>> answers_of_keys(
        std::vector<std::size_t> const& entries, utc_time now) const
    {
        std::vector<idempotency_key> keys;
        for (auto i : entries) keys.push_back(*change_at(i).key);
        return insist([&] { return detail::find_answers(db_, keys, now); },
                      [](auto const& answers) {
                          return std::none_of(answers.begin(), answers.end(), [](auto const& a) {
                              return a.has_error() &&
                                     group_of(a.error().code) == errc_group::unavailable;
                          });
                      });
    }

    static constexpr int most_tries = 12;

    postgres_database::state& db_;
    booking_transaction transaction_;
    answers_of_batch answers_;
    bool was_lost_ = false;
    std::vector<pg_call> first_;  // what goes before the transaction's own statements
    std::string refused_with_;    // the SQLSTATE, when all was
    clock::time_point explain_until_{};
};

}  // namespace

std::vector<result<booking>> postgres_booking_store::apply(std::span<change const> changes)
{
    if (changes.empty()) return {};
    return delivery(db_->in(), changes).run_each_alone_if_need_be();
}

std::vector<result<std::optional<booking>>> postgres_booking_store::answers(
    std::span<idempotency_key const> keys, utc_time now)
{
    return detail::find_answers(db_->in(), keys, now);
}

std::vector<result<booking>> postgres_booking_store::find(std::span<booking_ref const> refs)
{
    return detail::find_bookings(db_->in(), refs);
}

std::vector<result<std::vector<event>>> postgres_booking_store::history(
    std::span<booking_ref const> refs)
{
    return detail::find_histories(db_->in(), refs);
}

result<booking_page> postgres_booking_store::list(booking_query const& query)
{
    return detail::list_bookings(db_->in(), query);
}

result<log_page> postgres_booking_store::log_after(log_query const& query)
{
    return detail::read_log(db_->in(), query);
}

result<booking_figures> postgres_booking_store::figures(figures_query const& query)
{
    return detail::sum_up_bookings(db_->in(), query);
}

/// A block whose answer is lost stays unused, so sending again does no harm.
result<ref_block> postgres_booking_store::reserve_refs(std::uint64_t count)
{
    auto const rows = db_->in().read(
        {"reserve_refs",
         "UPDATE booking_refs SET next_number = next_number + $1 RETURNING key_1, key_2, "
         "next_number - $1"},
        std::move(pg_parameters().value(static_cast<std::int64_t>(count))));
    if (rows.has_error()) return rows.error();
    if (rows->size() != 1) return detail::damaged("booking_refs");
    ref_key const key{static_cast<std::uint64_t>(rows->integer(0, 0)),
                      static_cast<std::uint64_t>(rows->integer(0, 1))};
    return ref_block(key, static_cast<std::uint64_t>(rows->integer(0, 2)), count);
}

}  // namespace aircargo
