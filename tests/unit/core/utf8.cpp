#include "support/utf8.hpp"
#include <aircargo/core/utf8.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

TEST(clean_utf8, is_text_of_any_language)
{
    for (char const* text : {"", "plain", "Zürich", "दिल्ली", "北京", "😀", "\x01\x7F",
                             "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
        EXPECT_TRUE(is_clean_utf8(text)) << text;
    }
}

class not_clean_utf8 : public ::testing::TestWithParam<std::string> {};

TEST_P(not_clean_utf8, is_refused) { EXPECT_FALSE(is_clean_utf8(GetParam())); }

INSTANTIATE_TEST_SUITE_P(utf8, not_clean_utf8,
                         ::testing::Values(std::string("a\0b", 3), std::string("\0", 1), "\x80",
                                           "a\xBF", "\xC3", "\xC3(", "\xE2\x82", "\xE2(\xAC",
                                           "\xF0\x9F\x98", "\xF0\x9F\x98(", "\xC0\xAF", "\xC1\xBF",
                                           "\xE0\x80\xAF", "\xF0\x80\x80\xAF",  // overlong
                                           "\xED\xA0\x80", "\xED\xBF\xBF",      // surrogates
                                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF"));

TEST(clean_utf8, agrees_with_a_second_reading_for_all_short_texts)
{
    int differences = 0;
    std::vector<unsigned char> const bytes{0x01, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                           0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xEE,
                                           0xEF, 0xF0, 0xF1, 0xF3, 0xF5, 0xFF};
    for (auto a : bytes) {
        for (auto b : bytes) {
            for (auto c : bytes) {
                for (auto d : bytes) {
                    std::string const text{static_cast<char>(a), static_cast<char>(b),
                                           static_cast<char>(c), static_cast<char>(d)};
                    if (is_clean_utf8(text) != is_utf8(text)) ++differences;
                }
            }
        }
    }
    EXPECT_EQ(differences, 0);
}

}  // namespace
}  // namespace aircargo::test
