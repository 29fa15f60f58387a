#include <aircargo/core/account_name.hpp>
#include <gtest/gtest.h>
#include <string>

namespace aircargo {
namespace {

TEST(account_name, folds_capitals)
{
    EXPECT_EQ(account_name::parse("Ada.Lovelace@Example.com").value().str(),
              "ada.lovelace@example.com");
    EXPECT_EQ(account_name::parse("ADA").value(), account_name::parse("ada").value());
}

TEST(account_name, takes_letters_digits_and_a_few_signs)
{
    for (std::string const name : {"a", "7", "a._-@+z", "0x0"})
        EXPECT_EQ(account_name::parse(name).value().str(), name);
    EXPECT_TRUE(account_name::parse(std::string(64, 'a')).has_value());
}

TEST(account_name, refuses_what_could_look_like_another_or_like_no_name)
{
    for (std::string const& name :
         {std::string(), std::string(65, 'a'), std::string("_ada"), std::string(".."),
          std::string("a b"), std::string("a/b"), std::string("a\nb"), std::string("a\0", 2),
          std::string("\u0430da"), std::string("ad\u00e4"), std::string("a\"b"),
          std::string("a%41"), std::string("a\x7f")}) {
        auto const refused = account_name::parse(name);
        ASSERT_TRUE(refused.has_error()) << name;
        EXPECT_EQ(refused.error().code, errc::invalid_request);
    }
}

}  // namespace
}  // namespace aircargo
