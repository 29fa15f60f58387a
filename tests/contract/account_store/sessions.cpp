#include "contract/account_store/words.hpp"
#include <atomic>
#include <barrier>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

template <class Backend>
class account_store_sessions : public account_store_test<Backend> {
protected:
    account ada = this->stored(an_account("ada"));

    void begun(std::string const& id, std::chrono::seconds life = 1h)
    {
        this->accounts.add_session(a_session(id, ada, life)).value();
    }
    rotation_answer answer(rotation_outcome outcome) { return {outcome, ada.id}; }
};
TYPED_TEST_SUITE(account_store_sessions, store_backends, backend_names);

TYPED_TEST(account_store_sessions, go_on_from_token_to_token)
{
    this->begun("s");
    for (int n = 1; n < 5; ++n)
        EXPECT_EQ(this->accounts.rotate(a_rotation("s", n, n + 1)).value(),
                  this->answer(rotation_outcome::rotated));
}

TYPED_TEST(account_store_sessions, end_for_both_when_a_token_is_used_again)
{
    this->begun("s");
    this->begun("other");
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3)), rotation_outcome::rotated);
    EXPECT_EQ(this->accounts.rotate(a_rotation("s", 1, 9)).value(),
              this->answer(rotation_outcome::reused));
    EXPECT_EQ(this->rotate(a_rotation("s", 3, 4)), rotation_outcome::unknown)
        << "whose the last token is, nobody knows";
    EXPECT_EQ(this->rotate(a_rotation("other", 1, 2)), rotation_outcome::rotated);
}

TYPED_TEST(account_store_sessions, give_one_of_two_at_once_the_next_token)
{
    constexpr int rounds = 20;
    constexpr int hands = 4;
    for (int round = 0; round < rounds; ++round) {
        auto const id = "s" + std::to_string(round);
        this->begun(id);
        std::atomic<int> rotated = 0;
        std::atomic<int> reused = 0;
        std::barrier together(hands);
        std::vector<std::thread> threads;
        for (int hand = 0; hand < hands; ++hand) {
            threads.emplace_back([&, hand] {
                together.arrive_and_wait();
                auto const outcome = this->rotate(a_rotation(id, 1, 10 + hand));
                if (outcome == rotation_outcome::rotated) ++rotated;
                if (outcome == rotation_outcome::reused) ++reused;
            });
        }
        for (auto& t : threads) t.join();
        EXPECT_EQ(rotated, 1) << id;
        EXPECT_EQ(reused, 1) << id << ": it is gone for those who come later";
        for (int hand = 0; hand < hands; ++hand)
            EXPECT_EQ(this->rotate(a_rotation(id, 10 + hand, 99)), rotation_outcome::unknown);
    }
}

TYPED_TEST(account_store_sessions, take_a_rotation_whose_answer_was_lost_once_more)
{
    this->begun("s");
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3)), rotation_outcome::rotated);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::reused);
}

TYPED_TEST(account_store_sessions, are_begun_once_when_they_are_sent_twice)
{
    this->begun("s");
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
    this->begun("s");
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3)), rotation_outcome::rotated);
}

TYPED_TEST(account_store_sessions, expire_at_a_second_and_not_before)
{
    this->begun("s", 60s);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2, noon + 59s)), rotation_outcome::rotated);
    EXPECT_EQ(this->accounts.rotate(a_rotation("s", 2, 3, noon + 59s + 1h)).value(),
              this->answer(rotation_outcome::expired));
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3, noon + 58s + 1h)), rotation_outcome::rotated)
        << "the answer before changed nothing";
}

TYPED_TEST(account_store_sessions, that_nobody_began_are_unknown)
{
    EXPECT_EQ(this->accounts.rotate(a_rotation("s", 1, 2)).value(), rotation_answer{});
    EXPECT_EQ(code_of(this->accounts.add_session(a_session("s", an_account("nobody")))),
              errc::not_found);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::unknown);
}

TYPED_TEST(account_store_sessions, are_ended_one_at_a_time)
{
    this->begun("s");
    this->begun("other");
    EXPECT_EQ(code_of(this->accounts.end_session("s")), accepted);
    EXPECT_EQ(code_of(this->accounts.end_session("s")), accepted);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::unknown);
    EXPECT_EQ(this->rotate(a_rotation("other", 1, 2)), rotation_outcome::rotated);
}

TYPED_TEST(account_store_sessions, of_an_account_that_is_disabled_are_over_for_good)
{
    auto const grace = this->stored(an_account("grace"));
    this->begun("s");
    this->accounts.add_session(a_session("of_grace", grace)).value();
    this->accounts.change(this->ada.name, {.enabled = false}).value();
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::unknown);

    EXPECT_EQ(code_of(this->accounts.add_session(a_session("late", this->ada))), errc::not_found)
        << "the password was checked a moment before";
    EXPECT_EQ(this->rotate(a_rotation("late", 1, 2)), rotation_outcome::unknown);
    this->accounts.change(this->ada.name, {.enabled = true}).value();
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::unknown);
    EXPECT_EQ(this->rotate(a_rotation("of_grace", 1, 2)), rotation_outcome::rotated);
}

TYPED_TEST(account_store_sessions, are_over_when_the_password_changes_and_stay_when_the_role_does)
{
    this->begun("s");
    this->accounts.change(this->ada.name, {.role = account_role::viewer, .enabled = true}).value();
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
    this->accounts.change(this->ada.name, {.password_hash = "$argon2id$new"}).value();
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3)), rotation_outcome::unknown);
}

TYPED_TEST(account_store_sessions, are_not_begun_with_the_password_of_before)
{
    this->accounts.change(this->ada.name, {.password_hash = "$argon2id$new"}).value();
    EXPECT_EQ(code_of(this->accounts.add_session(a_session("late", this->ada))), errc::not_found);
    EXPECT_EQ(this->rotate(a_rotation("late", 1, 2)), rotation_outcome::unknown);
    this->ada.password_hash = "$argon2id$new";
    this->begun("s");
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);
}

TYPED_TEST(account_store_sessions, do_not_outlive_a_change_of_the_password_at_the_same_time)
{
    constexpr int rounds = 50;
    for (int round = 0; round < rounds; ++round) {
        auto const id = "s" + std::to_string(round);
        auto const before = this->ada;
        this->ada.password_hash = "$argon2id$" + std::to_string(round);
        std::barrier together(2);
        std::thread login([&] {
            together.arrive_and_wait();
            (void)this->accounts.add_session(a_session(id, before));
        });
        together.arrive_and_wait();
        this->accounts.change(before.name, {.password_hash = this->ada.password_hash}).value();
        login.join();
        EXPECT_EQ(this->rotate(a_rotation(id, 1, 2)), rotation_outcome::unknown) << id;
    }
}

TYPED_TEST(account_store_sessions,
           stay_when_a_password_is_changed_that_is_not_the_one_that_is_named)
{
    this->begun("s");
    account_change const ours{.password_hash = "$argon2id$new",
                              .old_password_hash = this->ada.password_hash};
    account_change const late{.password_hash = "$argon2id$late",
                              .old_password_hash = "$argon2id$x"};
    EXPECT_EQ(code_of(this->accounts.change(this->ada.name, late)), errc::not_found);
    EXPECT_EQ(this->accounts.find_name(this->ada.name)->password_hash, this->ada.password_hash);
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2)), rotation_outcome::rotated);

    EXPECT_EQ(code_of(this->accounts.change(this->ada.name, ours)), accepted);
    EXPECT_EQ(this->rotate(a_rotation("s", 2, 3)), rotation_outcome::unknown);
    EXPECT_EQ(code_of(this->accounts.change(this->ada.name, ours)), accepted) << "sent twice";
    EXPECT_EQ(code_of(this->accounts.change(this->ada.name, late)), errc::not_found);
    EXPECT_EQ(this->accounts.find_name(this->ada.name)->password_hash, *ours.password_hash);
}

TYPED_TEST(account_store_sessions, that_are_long_over_are_dropped)
{
    this->begun("s", 60s);
    auto late = a_session("late", this->ada);
    late.created_at = noon + 3h;
    late.expires_at = noon + 4h;
    this->accounts.add_session(late).value();
    EXPECT_EQ(this->rotate(a_rotation("s", 1, 2, noon)), rotation_outcome::unknown);
    EXPECT_EQ(this->rotate(a_rotation("late", 1, 2, noon)), rotation_outcome::rotated);
}

}  // namespace
}  // namespace aircargo::test
