#include "contract/account_store/words.hpp"
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

template <class Backend>
class account_store_keys : public account_store_test<Backend> {
protected:
    account ada = this->stored(an_account("ada"));
    account grace = this->stored(an_account("grace"));

    api_key made(api_key const& key)
    {
        this->accounts.add_key(key).value();
        return key;
    }
};
TYPED_TEST_SUITE(account_store_keys, store_backends, backend_names);

TYPED_TEST(account_store_keys, lead_to_their_accounts)
{
    (void)this->made(a_key("1", this->ada));
    (void)this->made(a_key("2", this->grace));
    std::vector<std::string> const hashes{"hash of 2", "hash of 3", "hash of 1", ""};
    auto const found = this->accounts.find_keys(hashes);
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].value(), this->grace);
    EXPECT_EQ(found[1].error(), api_key_not_found());
    EXPECT_EQ(found[2].value(), this->ada);
    EXPECT_EQ(found[3].error(), api_key_not_found());
    EXPECT_TRUE(this->accounts.find_keys({}).empty());
}

TYPED_TEST(account_store_keys, show_the_account_as_it_is_now)
{
    (void)this->made(a_key("1", this->ada));
    auto const changed =
        this->accounts.change(this->ada.name, {.role = account_role::viewer, .enabled = false});
    EXPECT_EQ(this->find_key("hash of 1").value(), changed.value());
}

TYPED_TEST(account_store_keys, are_listed_for_their_account_oldest_first)
{
    auto const second = this->made(a_key("a", this->ada, noon + 1s));
    auto first = a_key("b", this->ada, noon);
    first.name = "Lager Süd \"1\"";
    (void)this->made(first);
    (void)this->made(a_key("c", this->grace));
    EXPECT_EQ(this->accounts.list_keys(this->ada.id).value(), (std::vector{first, second}));
    EXPECT_TRUE(this->accounts.list_keys("nobody")->empty());
}

TYPED_TEST(account_store_keys, are_no_longer_found_once_they_are_revoked)
{
    auto const key = this->made(a_key("1", this->ada));
    auto expected = key;
    expected.revoked_at = noon + 1s;
    EXPECT_EQ(this->accounts.revoke_key("1", this->ada.id, noon + 1s).value(), expected);
    EXPECT_EQ(this->find_key(key.hash).error(), api_key_not_found());
    EXPECT_TRUE(this->accounts.list_keys(this->ada.id)->empty());
    EXPECT_EQ(this->accounts.revoke_key("1", this->ada.id, noon + 2s).error(), api_key_not_found());
    EXPECT_EQ(this->accounts.revoke_key("2", std::nullopt, noon).error(), api_key_not_found());
}

TYPED_TEST(account_store_keys, of_others_can_not_be_revoked_unless_nobody_is_named)
{
    auto const key = this->made(a_key("1", this->ada));
    EXPECT_EQ(this->accounts.revoke_key("1", this->grace.id, noon).error(), api_key_not_found());
    EXPECT_EQ(this->find_key(key.hash).value(), this->ada);
    EXPECT_EQ(code_of(this->accounts.revoke_key("1", std::nullopt, noon)), accepted);
    EXPECT_EQ(this->find_key(key.hash).error(), api_key_not_found());
}

TYPED_TEST(account_store_keys, are_made_once_when_they_are_sent_twice)
{
    auto const key = this->made(a_key("1", this->ada));
    (void)this->made(key);
    EXPECT_EQ(this->accounts.list_keys(this->ada.id).value(), std::vector{key});
}

TYPED_TEST(account_store_keys, are_of_an_account_that_is_there)
{
    EXPECT_EQ(code_of(this->accounts.add_key(a_key("1", an_account("nobody")))), errc::not_found);
}

}  // namespace
}  // namespace aircargo::test
