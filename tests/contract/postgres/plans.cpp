#include "postgres/database.hpp"
#include "support/records.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// What the server does for the store's statements: it is asked on the store's own connection, so
/// by what the store really prepared there, under the settings that the store really made.
class postgres_plans : public ::testing::Test {
protected:
    using plan = std::vector<std::string>;  // as EXPLAIN shows it, a step a line

    prepared_database prepared;
    std::shared_ptr<postgres_database> database = reopened();

    [[nodiscard]] std::shared_ptr<postgres_database> reopened() const
    {
        return postgres_database::open(prepared.url, {.connections = 1}).value();
    }
    void as_owner(std::string const& sql) const { run_sql(prepared.owner_url, sql); }

    /// Fills the tables through another connection, as another process would.
    void given_bookings(int count) const
    {
        auto const other = reopened();
        auto const flights = postgres_flight_store(other).upsert(some_flights()).value();
        std::vector<booking_record> records;
        for (int i = 1; i <= count; ++i)
            records.push_back(a_record(i, {flights.end() - 2, flights.end()}));
        load_bookings(*other, records).value();
    }
    /// Of several airports and states, as a value that all rows have needs no index.
    [[nodiscard]] static booking_record a_record(int i, std::vector<flight> const& flights)
    {
        auto const ref = "ACB" + std::to_string(200'000 + i);
        if (i % 3 == 0)
            return record_of(a_booking(ref, flights, noon + i * 1s),
                             {command_of(booking_act::depart)});
        auto b = a_booking(ref, {}, noon + i * 1s);
        b.terms.origin = airport(std::string{'A', 'A', static_cast<char>('A' + i % 20)});
        b.terms.destination = airport(std::string{'B', 'B', static_cast<char>('A' + i % 7)});
        b.at = b.terms.origin;
        return record_of(b);
    }
    /// Those of the story, and others, so that one is not all.
    [[nodiscard]] static std::vector<flight> some_flights()
    {
        std::vector<flight> flights;
        for (int i = 0; i < 2000; ++i) {
            flights.push_back(a_flight("QR571 DEL 2025-12-02T04:00 DOH 08:20"));
            flights.back().departure += i * 24h;
            flights.back().arrival += i * 24h;
        }
        for (auto const& f : via_bombay()) flights.push_back(f);
        return flights;
    }

    /// Makes the store prepare every statement that it has.
    void use_everything()
    {
        use_flights();
        use_bookings();
        use_accounts();
        use_webhooks();
        use_answers();
        for (auto const& query : all_lists()) (void)list(query);
    }
    void use_flights()
    {
        postgres_flight_store flights(database);
        planned_ = flights.upsert(via_bombay()).value();
        std::vector const ids{planned_[0].id};
        EXPECT_EQ(code_of(flights.find(ids).front()), accepted);
        EXPECT_GE(flights.load({noon - 240h, noon + 240h})->size(), planned_.size());
    }
    void use_bookings()
    {
        postgres_booking_store bookings(database);
        idempotency_key const key{"plans", std::to_string(uses_), "same"};
        auto const b = a_booking("ACB" + std::to_string(10'000 + uses_++), planned_);
        auto const made = bookings.apply(std::vector{with_key(creation_of(b), key), depart(b)});
        EXPECT_EQ(made.back().value(), depart(b).after);
        auto const refused =
            bookings.apply(std::vector{with_key(creation_of(b), {"plans", "x", ""})});
        EXPECT_EQ(code_of(refused.front()), errc::already_exists);
        std::vector const refs{b.terms.ref};
        EXPECT_EQ(bookings.find(refs).front().value(), depart(b).after);
        EXPECT_EQ(bookings.history(refs).front()->size(), 2U);
        EXPECT_EQ(bookings.answers(std::vector{key}, noon).front().value(), b);
        EXPECT_EQ(code_of(bookings.figures({noon, noon + 1h})), accepted);
        EXPECT_FALSE(bookings.log_after({})->events.empty());
        EXPECT_EQ(bookings.log_after({.of = b.terms.ref})->events.size(), 2U);
        EXPECT_EQ(code_of(bookings.reserve_refs(1)), accepted);
        auto const record = record_of(a_booking("ACB" + std::to_string(10'000 + uses_++)));
        EXPECT_EQ(code_of(load_bookings(*database, std::vector{record})), accepted);
        EXPECT_EQ(code_of(load_bookings(*database, std::vector{record})), errc::already_exists);
    }
    void use_accounts()
    {
        postgres_account_store accounts(database);
        auto const name = account_name::parse("user" + std::to_string(uses_++)).value();
        account const a{name.str(), name, "$argon2id$", account_role::agent, true, noon};
        EXPECT_EQ(code_of(accounts.add(a)), accepted);
        std::vector const ids{a.id};
        EXPECT_EQ(accounts.find(ids).front().value(), a);
        EXPECT_EQ(accounts.find_name(name).value(), a);
        EXPECT_EQ(accounts.list({.page_size = 1})->size(), 1U);
        EXPECT_EQ(
            code_of(accounts.add_session({a.id, a.id, a.password_hash, "1", noon, noon + 1h})),
            accepted);
        EXPECT_EQ(accounts.rotate({a.id, "1", "2", noon, noon + 1h})->outcome,
                  rotation_outcome::rotated);
        EXPECT_EQ(code_of(accounts.end_session(a.id)), accepted);
        EXPECT_EQ(code_of(accounts.add_key({a.id, a.id, "", a.id, "", noon})), accepted);
        EXPECT_EQ(accounts.find_keys(ids).front().value(), a);
        EXPECT_EQ(accounts.list_keys(a.id)->size(), 1U);
        EXPECT_EQ(code_of(accounts.revoke_key(a.id, a.id, noon)), accepted);
        EXPECT_EQ(code_of(accounts.change(name, {.enabled = false})), accepted);
    }
    void use_webhooks()
    {
        postgres_webhook_store webhooks(database);
        auto const id = "hook" + std::to_string(uses_++);
        webhook const w{.id = id, .url = "http://a", .secret = "s", .created_at = noon};
        EXPECT_EQ(code_of(webhooks.add(w)), accepted);
        EXPECT_EQ(webhooks.find(id).value(), w);
        EXPECT_EQ(code_of(webhooks.list()), accepted);
        EXPECT_EQ(webhooks.change(id, {.url = w.url}).value(), w);
        auto const from = webhooks.cursor().value();
        auto const to = log_position{static_cast<std::int64_t>(from) + 1};
        auto const ref = a_ref("ACB10001");
        std::vector const added{new_delivery{id, to, ref, 1}};
        EXPECT_TRUE(webhooks.pass_on(from, to, added, noon).value());
        std::vector const wishes{claim_wish{id, 1}};
        EXPECT_EQ(webhooks.claim(wishes, noon, 1min)->size(), 1U);
        std::vector const dead{
            attempt_end{id, to, ref, 1, attempt_end::kind::failed_for_good, "500"}};
        EXPECT_EQ(code_of(webhooks.end_attempts(dead, noon)), accepted);
        EXPECT_EQ(webhooks.deliveries({.webhook_id = id})->size(), 1U);
        EXPECT_EQ(webhooks.redeliver(id, std::vector{to}, noon).value(), 1U);
        EXPECT_EQ(webhooks.redeliver(id, {}, noon).value(), 0U);
        EXPECT_EQ(webhooks.forget_dead(noon - 1h, 9).value(), 0U);
        delivery_query const pending{.webhook_id = id, .state = delivery_state::pending};
        EXPECT_EQ(webhooks.deliveries(pending)->size(), 1U);
        std::vector const arrived{attempt_end{id, to, ref, 1}};
        EXPECT_EQ(code_of(webhooks.end_attempts(arrived, noon)), accepted);
        EXPECT_EQ(code_of(webhooks.remove(id)), accepted);
    }
    void use_answers()
    {
        postgres_answer_store answers(database);
        idempotency_key const key{"plans", std::to_string(uses_++), "same"};
        auto const work = [] { return std::optional<std::string>("done"); };
        EXPECT_EQ(code_of(answers.once(key, noon, work)), accepted);
        EXPECT_EQ(answers.once(key, noon, work).value(), "done");
        EXPECT_EQ(answers.find(key, noon).value(), "done");
    }
    [[nodiscard]] static std::vector<booking_query> all_lists()
    {
        std::vector<booking_query> all;
        for (unsigned filters = 0; filters < 8; ++filters) {
            for (auto query : ranges_and_cursors()) {
                if (filters & 1U) query.status = booking_status::departed;
                if (filters & 2U) query.origin = airport("DEL");
                if (filters & 4U) query.destination = airport("BLR");
                all.push_back(query);
            }
        }
        return all;
    }
    [[nodiscard]] static std::vector<booking_query> ranges_and_cursors()
    {
        std::vector<booking_query> all;
        for (auto const order :
             {list_order::newest_first, list_order::oldest_first, list_order::by_reference}) {
            for (unsigned with = 0; with < 8; ++with) {
                // So few are looked at that the last one has to be asked for.
                booking_query query{.order = order, .look_up_to = 1};
                if (with & 1U) query.created_from = noon;
                if (with & 2U) query.created_to = noon + 60s;
                if (with & 4U)
                    query.cursor = cursor_behind(order, {noon + 90s, 90}, a_ref("ACB200090"));
                all.push_back(query);
            }
        }
        return all;
    }
    [[nodiscard]] booking_page list(booking_query const& query)
    {
        return postgres_booking_store(database).list(query).value();
    }

    /// The plans that the connection holds for all it has prepared, by the names of the statements.
    [[nodiscard]] std::map<std::string, plan> plans()
    {
        auto connection = database->in().pool.take().value();
        auto const known = answer(*connection, "plans_known",
                                  "SELECT name, 'EXPLAIN (COSTS OFF) EXECUTE ' || quote_ident(name)"
                                  " || coalesce((SELECT '(' || string_agg('NULL', ', ') || ')'"
                                  "              FROM unnest(parameter_types)), '')"
                                  " FROM pg_prepared_statements WHERE name NOT LIKE 'plan%'");
        std::map<std::string, plan> out;
        for (int row = 0; row < known.size(); ++row) {
            std::string const name(known.text(row, 0));
            auto const steps =
                answer(*connection, "plan_of_" + name, std::string(known.text(row, 1)));
            for (int i = 0; i < steps.size(); ++i) out[name].emplace_back(steps.text(i, 0));
        }
        return out;
    }
    [[nodiscard]] static detail::pg_rows answer(detail::pg_connection& connection,
                                                std::string const& name, std::string const& sql)
    {
        auto rows = connection.run({name, sql});
        if (rows.has_error()) throw std::runtime_error(sql + ": " + rows.error().why.detail);
        return *std::move(rows);
    }
    /// Whatever looks into a table of many rows looks for some of them, by an index or by place.
    static void expect_no_table_read_from_end_to_end(std::string const& name, plan const& steps)
    {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (!scans_a_large_table(steps[i])) continue;
            bool const seeks =
                i + 1 < steps.size() && steps[i + 1].find("Cond: ") != std::string::npos;
            EXPECT_TRUE(seeks) << text_of(name, steps);
        }
    }
    /// One index gives the rows in the order of the list, and no more than may be looked at.
    static void expect_walks_an_index(std::string const& name, plan const& steps)
    {
        auto const walk = below_the_last_limit(steps);
        ASSERT_FALSE(walk.empty()) << text_of(name, steps);
        // list_n_ou_s: newest first, of an origin, until an instant, looked at for the status
        auto const order = name.at(name.find('_') + 1);
        auto const sought = name.substr(name.find('_') + 3);
        bool const backward = walk[0].find(" Backward ") != std::string::npos;
        EXPECT_EQ(backward, order == 'n') << text_of(name, steps);
        EXPECT_NE(walk[0].find(index_for(sought)), std::string::npos) << text_of(name, steps);
        for (auto const& step : walk) EXPECT_EQ(step.find("Filter"), std::string::npos) << step;
        // Above the page's own limit stands the sort of its legs.
        auto const limit = std::find_if(steps.begin(), steps.end(), [](std::string const& step) {
            return step.find("Limit") != std::string::npos;
        });
        EXPECT_TRUE(std::none_of(limit, steps.end(), [](std::string const& step) {
            return step.find("Sort") != std::string::npos;
        })) << text_of(name, steps);
    }
    [[nodiscard]] static bool is_list(std::string_view name)
    {
        return name.starts_with("list_") || name.starts_with("count_") || name.starts_with("last_");
    }
    /// Every plan is what it should be. \return how many there are of lists
    std::size_t expect_good_plans()
    {
        auto const all = plans();
        for (char const* name : {"find", "history", "answers", "explain", "load_flights", "log",
                                 "log_of_booking", "figures"})
            EXPECT_TRUE(all.contains(name)) << name;
        std::size_t lists = 0;
        for (auto const& [name, steps] : all) {
            if (!is_list(name)) {
                expect_no_table_read_from_end_to_end(name, steps);
                continue;
            }
            ++lists;
            expect_walks_an_index(name, steps);
        }
        return lists;
    }

    // By creation, both ways, three filters, each there or not, the instant where it ends, and the
    // place behind which it begins: a page and a count. Where the status is looked at (beside three
    // kinds of airports), the last one that is. By reference, pages and counts with all filters and
    // both ends of the range, and one statement for the last.
    static constexpr std::size_t kinds_of_lists = 2 * (2 * 8 * 4 + 3 * 4) + (2 * 8 * 4 + 1);

private:
    [[nodiscard]] static bool scans_a_large_table(std::string const& step)
    {
        if (step.find("Scan") == std::string::npos || step.find("CTE Scan") != std::string::npos)
            return false;
        // What a bitmap is made of stands a step below, with its condition.
        constexpr std::array tables{
            "flights",        "bookings", "booking_legs",       "accounts",    "sessions",
            "booking_events", "api_keys", "webhook_deliveries", "idempotency", "answers"};
        return std::any_of(tables.begin(), tables.end(), [&](std::string_view table) {
            auto const at = step.find(" on " + std::string(table));
            auto const end = at + 4 + table.size();
            return at != std::string::npos && (end == step.size() || step[end] == ' ');
        });
    }
    /// The steps that the last Limit draws its rows from.
    [[nodiscard]] static plan below_the_last_limit(plan const& steps)
    {
        auto const depth = [](std::string const& step) { return step.find_first_not_of(' '); };
        auto const limit = std::find_if(steps.rbegin(), steps.rend(), [](std::string const& step) {
            return step.find("Limit") != std::string::npos;
        });
        if (limit == steps.rend()) return {};
        auto const end = std::find_if(limit.base(), steps.end(), [&](std::string const& step) {
            return depth(step) <= depth(*limit);
        });
        return {limit.base(), end};
    }
    [[nodiscard]] static std::string index_for(std::string_view sought)
    {
        std::string const of = sought.starts_with("s")    ? "idx_bookings_status"
                               : sought.starts_with("od") ? "idx_bookings_lane"
                               : sought.starts_with("o")  ? "idx_bookings_origin"
                               : sought.starts_with("d")  ? "idx_bookings_destination"
                               : sought.starts_with("r")  ? "bookings_ref_id_key"
                                                          : "idx_bookings_created_at";
        return "using " + of + " on ";
    }
    [[nodiscard]] static std::string text_of(std::string const& name, plan const& steps)
    {
        std::string text = name + ":\n";
        for (auto const& step : steps) text += step + '\n';
        return text;
    }

    std::vector<flight> planned_;
    int uses_ = 0;
};

TEST_F(postgres_plans, are_good_on_empty_tables_and_stay_so_when_they_grow)
{
    use_everything();
    EXPECT_EQ(expect_good_plans(), kinds_of_lists);

    given_bookings(20'000);
    use_everything();  // with what was prepared when nothing was there
    expect_good_plans();

    as_owner("ANALYZE");  // the server plans again
    use_everything();
    expect_good_plans();
}

TEST_F(postgres_plans, are_good_on_tables_that_were_large_before)
{
    given_bookings(20'000);
    as_owner("ANALYZE");
    database = reopened();
    use_everything();
    EXPECT_EQ(expect_good_plans(), kinds_of_lists);
}

TEST_F(postgres_plans, do_not_trust_that_a_table_will_stay_empty)
{
    as_owner("ANALYZE");  // there is nothing, says the server from now on
    database = reopened();
    use_everything();
    given_bookings(20'000);
    expect_good_plans();
}

}  // namespace
}  // namespace aircargo::test
