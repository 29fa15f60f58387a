#include "support/account_words.hpp"
#include "support/postgres_faults.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

using known = std::optional<std::string>;

/// Whatever becomes of the connections, a request is done once, together with its answer.
class postgres_answer_cut : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet();
        answers = make_answer_store<postgres_answer_store>(database);
        accounts = make_account_store<postgres_account_store>(database);
        (void)add("first", "0");  // so that all is prepared
        cuts.only_count();
    }

    /// \param name of the account and of the key \return what the request is answered
    known add(std::string const& name, std::string const& answer)
    {
        auto const before = answers->once({"scope", name, "hash"}, noon, [&]() -> known {
            auto const added = accounts->add(an_account(name));
            return added ? known(answer) : std::nullopt;
        });
        EXPECT_EQ(code_of(before), accepted) << detail_of(before);
        if (before.has_error()) return std::nullopt;
        return *before ? *before : known(answer);
    }
    void expect_done_once(std::string const& name, known const& told)
    {
        cuts.only_count();
        EXPECT_TRUE(told.has_value());
        EXPECT_EQ(add(name, "again"), told);
        EXPECT_EQ(accounts->find_name(a_name(name)).value(), an_account(name));
    }

    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_answer_store> answers;
    std::unique_ptr<any_account_store> accounts;
};

TEST_F(postgres_answer_cut, takes_three_round_trips)
{
    (void)add("ada", "1");
    EXPECT_EQ(cuts.requests(), 3U);
}

TEST_F(postgres_answer_cut, before_any_request_it_is_done_once)
{
    for (unsigned n = 1; n <= 3; ++n) {
        auto const name = "before-" + std::to_string(n);
        cuts.before(n);
        expect_done_once(name, add(name, std::to_string(n)));
    }
}

TEST_F(postgres_answer_cut, behind_any_request_it_is_done_once)
{
    for (unsigned n = 1; n <= 3; ++n) {
        auto const name = "after-" + std::to_string(n);
        cuts.after(n);
        expect_done_once(name, add(name, std::to_string(n)));
    }
}

TEST_F(postgres_answer_cut, twice_it_is_done_once)
{
    for (unsigned n = 1; n <= 3; ++n) {
        for (unsigned m = n + 1; m <= n + 4; ++m) {
            auto const name = "twice-" + std::to_string(n) + '-' + std::to_string(m);
            cuts.after(n);
            cuts.also_after(m);
            expect_done_once(name, add(name, name));
        }
    }
}

TEST_F(postgres_answer_cut, leaves_no_transaction_open_behind_a_refusal)
{
    auto const refused = answers->once({"scope", "ada", "hash"}, noon, [&]() -> known {
        EXPECT_EQ(code_of(accounts->add(an_account("ada"))), accepted);
        return std::nullopt;
    });
    EXPECT_EQ(refused.value(), std::nullopt);
    EXPECT_EQ(sessions("state LIKE 'idle in transaction%'"), 0);
    EXPECT_EQ(code_of(accounts->find_name(a_name("ada"))), errc::not_found);
}

TEST_F(postgres_answer_cut, whose_statement_fails_changes_nothing)
{
    owner->run("ALTER TABLE answers ADD CONSTRAINT short CHECK (length(answer) < 10)");
    auto const failed = answers->once({"scope", "ada", "hash"}, noon, [&]() -> known {
        EXPECT_EQ(code_of(accounts->add(an_account("ada"))), accepted);
        return std::string(20, 'a');
    });
    EXPECT_EQ(code_of(failed), errc::backend_down);
    EXPECT_EQ(code_of(accounts->find_name(a_name("ada"))), errc::not_found);
    expect_done_once("ada", add("ada", "short"));
}

}  // namespace
}  // namespace aircargo::test
