#include "support/builders.hpp"
#include "support/utf8.hpp"
#include <aircargo/core/booking_ref.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

namespace aircargo::test {
namespace {

TEST(booking_ref, is_read_from_its_text)
{
    auto const ref = booking_ref::parse("ACB12345").value();

    EXPECT_EQ(ref.number(), 12345U);
    EXPECT_EQ(ref.digits(), 5U);
    EXPECT_EQ(ref.str(), "ACB12345");
}

TEST(booking_ref, folds_the_prefix) { EXPECT_EQ(a_ref("aCb12345"), a_ref("ACB12345")); }

TEST(booking_ref, counts_leading_zeros)
{
    EXPECT_EQ(a_ref("ACB00042").str(), "ACB00042");
    EXPECT_NE(a_ref("ACB00042"), a_ref("ACB000042"));
}

TEST(booking_ref, holds_twenty_characters_and_no_more)
{
    EXPECT_EQ(a_ref("ACB99999999999999999").str(), "ACB99999999999999999");
    EXPECT_EQ(code_of(booking_ref::parse("ACB999999999999999999")), errc::invalid_booking_ref);
}

class not_a_booking_ref : public ::testing::TestWithParam<std::string> {};

TEST_P(not_a_booking_ref, is_refused_by_name)
{
    EXPECT_EQ(code_of(booking_ref::parse(GetParam())), errc::invalid_booking_ref);
}

INSTANTIATE_TEST_SUITE_P(booking_ref, not_a_booking_ref,
                         ::testing::Values("", "ACB", "ACB1234", "ABC12345", "12345", " ACB12345",
                                           "ACB12345 ", "ACB-1234", "ACB+1234", "ACB1234x",
                                           "ACB0x123", "ACB１２３４５", std::string("ACB1234\0", 8),
                                           std::string("ACB12345\0", 9),
                                           "ACB12345'; DROP TABLE bookings; --",
                                           "ACB" + std::string(1 << 20, '1')));

TEST(booking_ref, names_the_text_that_it_refuses)
{
    EXPECT_EQ(detail_of(booking_ref::parse("ACB12")),
              "'ACB12' is not a booking reference such as ACB12345");
}

TEST(booking_ref, never_cuts_a_letter_of_the_text_in_two)
{
    for (std::string const lead : {"", "a", "ab", "abc"}) {
        auto const sentence = detail_of(booking_ref::parse(lead + "éééééééééééééééééé✈✈✈✈😀😀😀😀😀"));
        EXPECT_TRUE(is_utf8(sentence)) << sentence;
    }
}

TEST(booking_ref, sorts_shorter_ones_first_and_then_by_number)
{
    std::vector const sorted{a_ref("ACB00000"), a_ref("ACB00001"), a_ref("ACB99999"),
                             a_ref("ACB000000"), a_ref("ACB000001")};
    EXPECT_TRUE(std::is_sorted(sorted.begin(), sorted.end()));
}

TEST(booking_ref, hashes_apart_what_differs_in_zeros_only)
{
    std::unordered_set<booking_ref> const set{a_ref("ACB00042"), a_ref("ACB000042"),
                                              a_ref("ACB00042")};
    EXPECT_EQ(set.size(), 2U);
}

RC_GTEST_PROP(booking_ref, reads_back_what_it_wrote, ())
{
    auto const digits = *rc::gen::inRange(booking_ref::min_digits, booking_ref::max_digits + 1);
    std::uint64_t end = 1;
    for (unsigned i = 0; i < digits; ++i) end *= 10;
    auto const written = booking_ref::from_number(*rc::gen::inRange<std::uint64_t>(0, end), digits);

    auto const read = booking_ref::parse(written.str());

    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == written);
}

RC_GTEST_PROP(booking_ref, refuses_every_other_text, (std::string const& text))
{
    bool const is_ref = text.size() >= 8 && text.size() <= 20 && (text.substr(0, 3) == "ACB") &&
                        text.find_first_not_of("0123456789", 3) == std::string::npos;
    RC_PRE(!is_ref);
    RC_ASSERT(booking_ref::parse(text).has_error());
}

}  // namespace
}  // namespace aircargo::test
