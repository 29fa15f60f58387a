#include "contract/account_store/words.hpp"
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

template <class Backend>
class account_store_accounts : public account_store_test<Backend> {
protected:
    std::string names_of(account_query const& query)
    {
        std::string out;
        for (auto const& a : this->accounts.list(query).value()) out += a.name.str() + ' ';
        return out;
    }
};
TYPED_TEST_SUITE(account_store_accounts, store_backends, backend_names);

TYPED_TEST(account_store_accounts, keep_every_field)
{
    auto viewer = an_account("vera", account_role::viewer);
    viewer.enabled = false;
    auto admin = an_account("0.a_b-c@d+e", account_role::admin);
    admin.password_hash = std::string(200, 'x');
    admin.created_at = at("2099-12-31T23:59:59");
    for (auto const& a : {this->stored(viewer), this->stored(admin)}) {
        EXPECT_EQ(this->find(a.id).value(), a);
        EXPECT_EQ(this->accounts.find_name(a.name).value(), a);
    }
}

TYPED_TEST(account_store_accounts, that_are_not_there_are_not_found)
{
    auto const there = this->stored(an_account("ada"));
    std::vector<std::string> const ids{"nobody", there.id, "", "'; DROP TABLE accounts --"};
    auto const found = this->accounts.find(ids);
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].error(), account_not_found());
    EXPECT_EQ(found[1].value(), there);
    EXPECT_EQ(found[2].error(), account_not_found());
    EXPECT_EQ(found[3].error(), account_not_found());
    EXPECT_EQ(this->accounts.find_name(a_name("nobody")).error(), account_not_found());
    EXPECT_TRUE(this->accounts.find({}).empty());
}

TYPED_TEST(account_store_accounts, have_names_of_their_own)
{
    auto const first = this->stored(an_account("ada"));
    auto second = an_account("ada", account_role::admin);
    second.id = "another";
    EXPECT_EQ(this->accounts.add(second).error(), account_exists(first.name));
    EXPECT_EQ(this->accounts.find_name(first.name).value(), first);
    EXPECT_EQ(code_of(this->find("another")), errc::not_found);

    auto same_id = an_account("grace");
    same_id.id = first.id;
    EXPECT_EQ(code_of(this->accounts.add(same_id)), errc::already_exists);
    EXPECT_EQ(code_of(this->accounts.find_name(same_id.name)), errc::not_found);
}

TYPED_TEST(account_store_accounts, are_made_once_when_they_are_sent_twice)
{
    auto const a = this->stored(an_account("ada"));
    EXPECT_EQ(code_of(this->accounts.add(a)), accepted);
    EXPECT_EQ(this->accounts.list({})->size(), 1U);
}

TYPED_TEST(account_store_accounts, with_one_name_are_made_once_however_many_try)
{
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 10; ++n) {
                auto a = an_account("name" + std::to_string(n));
                a.id = std::to_string(i) + '-' + std::to_string(n);
                if (this->accounts.add(a).has_value()) ++made;
            }
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(made, 10);
    EXPECT_EQ(this->accounts.list({})->size(), 10U);
}

TYPED_TEST(account_store_accounts, are_changed_in_what_is_named_only)
{
    auto expected = this->stored(an_account("ada"));
    auto const other = this->stored(an_account("grace"));
    auto const change = [&](account_change const& what) {
        EXPECT_EQ(this->accounts.change(expected.name, what).value(), expected);
        EXPECT_EQ(this->find(expected.id).value(), expected);
        EXPECT_EQ(this->find(other.id).value(), other);
    };
    change({});
    expected.role = account_role::viewer;
    change({.role = account_role::viewer});
    expected.enabled = false;
    change({.enabled = false});
    expected.password_hash = "$argon2id$new";
    change({.password_hash = "$argon2id$new"});
    expected.role = account_role::admin;
    expected.enabled = true;
    change({.role = account_role::admin, .enabled = true});
    EXPECT_EQ(this->accounts.change(a_name("nobody"), {.enabled = false}).error(),
              account_not_found());
}

TYPED_TEST(account_store_accounts, are_listed_by_name_a_page_at_a_time)
{
    for (char const* name : {"mia", "ada", "zoe", "0day", "ada.b", "ada-b"})
        (void)this->stored(an_account(name));
    EXPECT_EQ(this->names_of({}), "0day ada ada-b ada.b mia zoe ");
    EXPECT_EQ(this->names_of({.page_size = 2}), "0day ada ");
    EXPECT_EQ(this->names_of({.after = "ada", .page_size = 2}), "ada-b ada.b ");
    EXPECT_EQ(this->names_of({.after = "zoe"}), "");
    EXPECT_EQ(code_of(this->accounts.list({.page_size = 0})), errc::invalid_request);
    EXPECT_EQ(code_of(this->accounts.list({.page_size = 1001})), errc::invalid_request);
}

}  // namespace
}  // namespace aircargo::test
