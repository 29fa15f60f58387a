#include "support/builders.hpp"
#include "support/utf8.hpp"
#include <aircargo/core/airport_code.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>
#include <string>

namespace aircargo::test {
namespace {

TEST(airport_code, is_read_from_three_letters)
{
    EXPECT_EQ(airport_code::parse("DEL").value().str(), "DEL");
}

TEST(airport_code, folds_lower_case)
{
    EXPECT_EQ(airport_code::parse("bLr").value(), airport("BLR"));
}

TEST(airport_code, takes_letters_and_nothing_else_at_every_place)
{
    for (std::size_t place = 0; place < 3; ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = "DEL";
            text[place] = static_cast<char>(byte);
            bool const letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
            EXPECT_EQ(airport_code::parse(text).has_value(), letter)
                << "byte " << byte << " at " << place;
        }
    }
}

class not_an_airport_code : public ::testing::TestWithParam<std::string> {};

TEST_P(not_an_airport_code, is_refused_by_name)
{
    EXPECT_EQ(code_of(airport_code::parse(GetParam())), errc::invalid_airport_code);
}

INSTANTIATE_TEST_SUITE_P(airport_code, not_an_airport_code,
                         ::testing::Values("", "D", "DE", "DELX", " DEL", "DEL ", "VIDP", "D-L",
                                           "DÉL", "德里机", std::string("DE\0", 3),
                                           std::string("DEL\0", 4), std::string(1 << 20, 'A')));

TEST(airport_code, names_the_text_that_it_refuses)
{
    EXPECT_EQ(detail_of(airport_code::parse("DELHI")),
              "'DELHI' is not a three-letter airport code");
}

TEST(airport_code, quotes_only_the_start_of_a_long_text)
{
    EXPECT_LT(detail_of(airport_code::parse(std::string(1 << 20, 'A'))).size(), 100U);
}

TEST(airport_code, never_cuts_a_letter_of_the_text_in_two)
{
    for (std::string const lead : {"", "a", "ab", "abc"}) {
        auto const sentence = detail_of(airport_code::parse(lead + "éééééééééééé✈✈✈✈😀😀😀😀😀"));
        EXPECT_TRUE(is_utf8(sentence)) << sentence;
    }
}

TEST(airport_code, indexes_a_table_without_holes)
{
    std::set<std::uint16_t> indexes;
    for (char a = 'A'; a <= 'Z'; ++a) {
        for (char b = 'A'; b <= 'Z'; ++b) {
            for (char c = 'A'; c <= 'Z'; ++c) indexes.insert(airport(std::string{a, b, c}).index());
        }
    }
    EXPECT_EQ(indexes.size(), airport_code::index_count);
    EXPECT_EQ(*indexes.rbegin(), airport_code::index_count - 1);
}

TEST(airport_code, sorts_as_text_does)
{
    EXPECT_LT(airport("AZZ"), airport("BAA"));
    EXPECT_LT(airport("AZZ").index(), airport("BAA").index());
}

}  // namespace
}  // namespace aircargo::test
