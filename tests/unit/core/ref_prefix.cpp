#include "support/builders.hpp"
#include <aircargo/core/ref_prefix.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

namespace aircargo::test {
namespace {

TEST(ref_prefix, is_what_references_begin_with)
{
    for (char const* text : {"ACB1", "ACB00", "ACB12345", "ACB12345678901234567"})
        EXPECT_EQ(ref_prefix::parse(text).value().str(), text);
    EXPECT_EQ(ref_prefix::parse("aCb07").value().str(), "ACB07");
}

TEST(ref_prefix, refuses_what_no_reference_begins_with)
{
    for (char const* text : {"", "A", "ACB", "ACB ", "AC1", "ABC1", "ACB1x", "ACBx", "ACB-1", "12",
                             " ACB1", "ACB123456789012345678", "ACB1%", "ACB١"})
        EXPECT_EQ(code_of(ref_prefix::parse(text)), errc::invalid_booking_ref) << text;
    EXPECT_EQ(code_of(ref_prefix::parse(std::string("ACB1\0", 5))), errc::invalid_booking_ref);
}

RC_GTEST_PROP(ref_prefix, begins_what_it_was_cut_from, ())
{
    auto const digits = *rc::gen::inRange(5U, 8U);
    auto const ref = booking_ref::from_number(*rc::gen::inRange<std::uint64_t>(0, 99'999), digits);
    auto const other =
        booking_ref::from_number(*rc::gen::inRange<std::uint64_t>(0, 99'999), digits);
    auto const length = *rc::gen::inRange<std::size_t>(4, ref.str().size() + 1);
    auto const prefix = ref_prefix::parse(ref.str().substr(0, length)).value();
    RC_ASSERT(prefix.begins(ref));
    RC_ASSERT(prefix.begins(other) == (other.str().substr(0, length) == prefix.str()));
}

}  // namespace
}  // namespace aircargo::test
