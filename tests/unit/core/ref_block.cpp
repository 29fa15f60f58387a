#include "support/builders.hpp"
#include <aircargo/core/ref_block.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <vector>

namespace aircargo::test {
namespace {

constexpr std::uint64_t five_digits = 100'000;
constexpr std::uint64_t six_digits = 1'000'000;
constexpr ref_key some_keys[] = {{0, 0}, {0x0123456789abcdef, 0xfedcba9876543210}, {~0ULL, 1}};

/// Every reference of a length stands for exactly one of the `count` numbers from `first` on.
bool is_bijective(ref_key const& key, std::uint64_t first, std::uint64_t count, unsigned digits)
{
    std::vector<bool> used(count);
    for (std::uint64_t n = first; n < first + count; ++n) {
        auto const ref = nth_ref(key, n);
        if (ref.digits() != digits || ref.number() >= count || used[ref.number()]) return false;
        used[ref.number()] = true;
    }
    return std::all_of(used.begin(), used.end(), [](bool b) { return b; });
}

TEST(nth_ref, uses_every_reference_of_five_digits_once)
{
    for (auto const& key : some_keys) EXPECT_TRUE(is_bijective(key, 0, five_digits, 5));
}

TEST(nth_ref, uses_every_reference_of_six_digits_once)
{
    for (auto const& key : some_keys) EXPECT_TRUE(is_bijective(key, five_digits, six_digits, 6));
}

TEST(nth_ref, grows_a_digit_when_a_length_is_used_up)
{
    auto const digits_of = [](std::uint64_t n) { return nth_ref(some_keys[1], n).digits(); };
    EXPECT_EQ(digits_of(0), 5U);
    EXPECT_EQ(digits_of(five_digits - 1), 5U);
    EXPECT_EQ(digits_of(five_digits), 6U);
    EXPECT_EQ(digits_of(five_digits + six_digits - 1), 6U);
    EXPECT_EQ(digits_of(five_digits + six_digits), 7U);
}

TEST(nth_ref, reaches_the_longest_reference)
{
    std::uint64_t before = 0;  // 10^5 + 10^6 + ... + 10^16
    for (std::uint64_t power = five_digits; power <= 10'000'000'000'000'000; power *= 10)
        before += power;

    EXPECT_EQ(nth_ref(some_keys[1], before - 1).digits(), booking_ref::max_digits - 1);
    EXPECT_EQ(nth_ref(some_keys[1], before).digits(), booking_ref::max_digits);
    EXPECT_EQ(nth_ref(some_keys[1], before + 99'999'999'999'999'999).digits(),
              booking_ref::max_digits);
}

TEST(nth_ref, is_another_order_under_another_key)
{
    int same = 0;
    for (std::uint64_t n = 0; n < 1000; ++n)
        same += nth_ref(some_keys[0], n) == nth_ref(some_keys[1], n) ? 1 : 0;
    EXPECT_LE(same, 3);  // of 1000 draws among 10^5 places 0.01 meet by chance
}

TEST(nth_ref, depends_on_either_half_of_the_key)
{
    EXPECT_NE(nth_ref({1, 2}, 7), nth_ref({1, 3}, 7));
    EXPECT_NE(nth_ref({1, 2}, 7), nth_ref({0, 2}, 7));
}

TEST(nth_ref, does_not_lead_from_one_booking_to_the_next)
{
    // Both halves of the digits change from one to the next, for nearly all: a half of 100 values
    // stays by chance 1 time in 100, one of 1000 values 1 time in 1000.
    int near = 0;
    for (std::uint64_t n = 0; n + 1 < 10'000; ++n) {
        auto const here = nth_ref(some_keys[1], n).number();
        auto const next = nth_ref(some_keys[1], n + 1).number();
        near += here / 100 == next / 100 || here % 100 == next % 100 ? 1 : 0;
    }
    EXPECT_LT(near, 250);
}

TEST(nth_ref, spreads_the_steps_between_neighbours_evenly)
{
    std::vector<int> steps(10);
    for (std::uint64_t n = 0; n + 1 < 10'000; ++n) {
        auto const here = nth_ref(some_keys[2], n).number();
        auto const next = nth_ref(some_keys[2], n + 1).number();
        ++steps[((next + five_digits - here) % five_digits) / 10'000];
    }
    for (int count : steps) EXPECT_NEAR(count, 1000, 200);  // more than six standard deviations
}

TEST(siphash, gives_the_published_answer)
{
    // Key 00 01 ... 0f, message 00 01 ... 0f: vector 16 of the authors' reference implementation.
    EXPECT_EQ(detail::siphash({0x0706050403020100, 0x0f0e0d0c0b0a0908}, 0x0706050403020100,
                              0x0f0e0d0c0b0a0908),
              0x3f2acc7f57c29bdbU);
}

TEST(ref_block, hands_out_its_run_in_order)
{
    ref_block block(some_keys[1], five_digits - 1, 3);

    EXPECT_EQ(block.size(), 3U);
    EXPECT_EQ(block.take(), nth_ref(some_keys[1], five_digits - 1));
    EXPECT_EQ(block.take(), nth_ref(some_keys[1], five_digits));
    EXPECT_EQ(block.take(), nth_ref(some_keys[1], five_digits + 1));
    EXPECT_TRUE(block.empty());
}

TEST(ref_block, starts_empty)
{
    EXPECT_TRUE(ref_block().empty());
    EXPECT_EQ(ref_block().size(), 0U);
    EXPECT_TRUE(ref_block(some_keys[0], 5, 0).empty());
}

RC_GTEST_PROP(nth_ref, keeps_two_numbers_of_any_length_apart, (std::uint64_t k0, std::uint64_t k1))
{
    auto const a = *rc::gen::inRange<std::uint64_t>(0, 100'000'000'000'000'000);
    auto const b = *rc::gen::inRange<std::uint64_t>(0, 100'000'000'000'000'000);
    RC_PRE(a != b);
    RC_ASSERT(nth_ref({k0, k1}, a) != nth_ref({k0, k1}, b));
    RC_ASSERT(booking_ref::parse(nth_ref({k0, k1}, a).str()).value() == nth_ref({k0, k1}, a));
}

}  // namespace
}  // namespace aircargo::test
