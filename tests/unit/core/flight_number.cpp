#include "support/builders.hpp"
#include "support/utf8.hpp"
#include <aircargo/core/flight_number.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

class a_flight_number : public ::testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(a_flight_number, is_read_and_written_in_its_short_form)
{
    auto const& [text, shown] = GetParam();
    EXPECT_EQ(flight_number::parse(text).value().str(), shown);
}

INSTANTIATE_TEST_SUITE_P(flight_number, a_flight_number,
                         ::testing::Values(std::pair("AI101", "AI101"), std::pair("ai101", "AI101"),
                                           std::pair("5X76", "5X76"), std::pair("B6749", "B6749"),
                                           std::pair("BA9D", "BA9D"), std::pair("ba9d", "BA9D"),
                                           std::pair("AI1", "AI1"), std::pair("AI9999", "AI9999"),
                                           std::pair("AI9999Z", "AI9999Z"),
                                           std::pair("AI0101", "AI101"),
                                           std::pair("AI0001A", "AI1A"), std::pair("AI0000", "AI0"),
                                           std::pair("AI0", "AI0")));

class not_a_flight_number : public ::testing::TestWithParam<std::string> {};

TEST_P(not_a_flight_number, is_refused_by_name)
{
    EXPECT_EQ(code_of(flight_number::parse(GetParam())), errc::invalid_flight_number);
}

INSTANTIATE_TEST_SUITE_P(flight_number, not_a_flight_number,
                         ::testing::Values("", "A", "AI", "AIA", "12345", "99", "001", "UPS76",
                                           "AI12345", "AI12345A", "AI1234AB", "AI12A4", "AI-10",
                                           "AI 10", " AI10", "AI10 ", "A!10", "AI+1", "ÄI101",
                                           "AI１", std::string("AI1\0", 4),
                                           std::string("AI\0001", 4), std::string(1 << 20, 'A'),
                                           "AI" + std::string(1 << 20, '0')));

TEST(flight_number, takes_two_digits_for_no_airline)
{
    EXPECT_EQ(code_of(flight_number::parse("55101")), errc::invalid_flight_number);
    EXPECT_EQ(code_of(flight_number::parse("5A101")), accepted);
    EXPECT_EQ(code_of(flight_number::parse("A5101")), accepted);
}

TEST(flight_number, tells_its_airline) { EXPECT_EQ(number("5x0076").airline(), "5X"); }

TEST(flight_number, is_the_same_with_and_without_leading_zeros)
{
    EXPECT_EQ(number("AI0101"), number("AI101"));
}

TEST(flight_number, differs_by_its_suffix) { EXPECT_NE(number("AI101"), number("AI101A")); }

TEST(flight_number, sorts_as_text_does)
{
    EXPECT_LT(number("AI10"), number("AI101"));
    EXPECT_LT(number("AI101"), number("AI9"));
    EXPECT_LT(number("AI9"), number("BA1"));
}

TEST(flight_number, names_the_text_that_it_refuses)
{
    EXPECT_EQ(detail_of(flight_number::parse("flight 7")),
              "'flight 7' is not a flight number such as AI101");
}

TEST(flight_number, never_cuts_a_letter_of_the_text_in_two)
{
    for (std::string const lead : {"", "a", "ab", "abc"}) {
        auto const sentence = detail_of(flight_number::parse(lead + "éééééééééééé✈✈✈✈😀😀😀😀😀"));
        EXPECT_TRUE(is_utf8(sentence)) << sentence;
    }
}

RC_GTEST_PROP(flight_number, reads_back_what_it_wrote, ())
{
    auto const letter = rc::gen::inRange('A', static_cast<char>('Z' + 1));
    auto const digit = rc::gen::inRange('0', static_cast<char>('9' + 1));
    std::string text{*letter, *rc::gen::oneOf(letter, digit)};
    text += std::to_string(*rc::gen::inRange(0, 10'000));
    if (*rc::gen::arbitrary<bool>()) text += *letter;

    auto const read = flight_number::parse(text);

    RC_ASSERT(read.has_value());
    RC_ASSERT(read->str() == text);
    RC_ASSERT(flight_number::parse(read->str()).value() == *read);
}

RC_GTEST_PROP(flight_number, never_holds_what_is_not_one, (std::string const& text))
{
    auto const read = flight_number::parse(text);
    if (read) RC_ASSERT(flight_number::parse(read->str()).value() == *read);
}

}  // namespace
}  // namespace aircargo::test
