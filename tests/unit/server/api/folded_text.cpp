#include "api/folded_text.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

using words = std::vector<std::string>;

TEST(folded_words, are_small_letters_and_digits)
{
    EXPECT_EQ(folded_words("New  York / JFK-2"), (words{"new", "york", "jfk", "2"}));
    EXPECT_EQ(folded_words(""), words{});
    EXPECT_EQ(folded_words(" - ,.()[]"), words{});
}

TEST(folded_words, have_no_accents)
{
    EXPECT_EQ(folded_words("São Paulo"), (words{"sao", "paulo"}));
    EXPECT_EQ(folded_words("KRAKÓW Łódź Đà Nẵng İstanbul ıĞş"),
              (words{"krakow", "lodz", "da", "nang", "istanbul", "igs"}));
    EXPECT_EQ(folded_words("A\u030arhus"), words{"arhus"}) << "the accent by itself";
}

TEST(folded_words, write_out_what_is_two_letters)
{
    EXPECT_EQ(folded_words("Ærø Þórshöfn Straße"), (words{"aero", "thorshofn", "strasse"}));
}

TEST(folded_words, go_on_behind_an_apostrophe)
{
    EXPECT_EQ(folded_words("O'Hare N’Djamena"), (words{"ohare", "ndjamena"}));
    EXPECT_EQ(folded_words("a–b · c"), (words{"a", "b", "c"})) << "other punctuation parts words";
}

TEST(folded_words, keep_letters_of_other_scripts)
{
    EXPECT_EQ(folded_words("Москва 東京"), (words{"Москва", "東京"}));
}

}  // namespace
}  // namespace aircargo::server
