#pragma once

#include <aircargo/core/assert.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <array>
#include <bit>
#include <cstdint>

namespace aircargo {

/// Secret of one data set's references, 128 bits; drawn once, then kept with the data.
using ref_key = std::array<std::uint64_t, 2>;

/// The reference that the `n`th booking of a data set gets (n counts from 0).
///
/// The first 10^5 numbers fill the five-digit references, the next 10^6 the six-digit ones, and so
/// on. Within a length a keyed bijection shuffles them: every reference is used exactly once, so
/// none ever has to be checked or drawn again, and nobody without the key can count bookings or
/// step to the next one. \pre n < 10^5 + 10^6 + ... + 10^17
[[nodiscard]] constexpr booking_ref nth_ref(ref_key const& key, std::uint64_t n) noexcept;

/// A run of the sequence that one process drew from the store: `size()` references for nobody else.
class ref_block {
public:
    constexpr ref_block() noexcept = default;
    constexpr ref_block(ref_key const& key, std::uint64_t first, std::uint64_t count) noexcept
        : key_(key), next_(first), end_(first + count)
    {}

    [[nodiscard]] constexpr bool empty() const noexcept { return next_ == end_; }
    [[nodiscard]] constexpr std::uint64_t size() const noexcept { return end_ - next_; }

    /// Takes the next reference. \pre not empty()
    [[nodiscard]] constexpr booking_ref take() noexcept
    {
        AIRCARGO_ASSERT(!empty());
        return nth_ref(key_, next_++);
    }

private:
    ref_key key_{};
    std::uint64_t next_ = 0;
    std::uint64_t end_ = 0;
};

namespace detail {

/// SipHash-2-4 (Aumasson and Bernstein, 2012) of the 16 bytes (a, b).
[[nodiscard]] constexpr std::uint64_t siphash(ref_key const& key, std::uint64_t a,
                                              std::uint64_t b) noexcept
{
    std::uint64_t v0 = key[0] ^ 0x736f6d6570736575U;
    std::uint64_t v1 = key[1] ^ 0x646f72616e646f6dU;
    std::uint64_t v2 = key[0] ^ 0x6c7967656e657261U;
    std::uint64_t v3 = key[1] ^ 0x7465646279746573U;
    auto const rounds = [&](int count) {
        for (int i = 0; i < count; ++i) {
            v0 += v1;
            v1 = std::rotl(v1, 13);
            v1 ^= v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16);
            v3 ^= v2;
            v0 += v3;
            v3 = std::rotl(v3, 21);
            v3 ^= v0;
            v2 += v1;
            v1 = std::rotl(v1, 17);
            v1 ^= v2;
            v2 = std::rotl(v2, 32);
        }
    };
    constexpr std::uint64_t length_mark = 16ULL << 56;
    for (std::uint64_t block : {a, b, length_mark}) {
        v3 ^= block;
        rounds(2);
        v0 ^= block;
    }
    v2 ^= 0xff;
    rounds(4);
    return v0 ^ v1 ^ v2 ^ v3;
}

[[nodiscard]] constexpr std::uint64_t power_of_ten(unsigned exponent) noexcept
{
    std::uint64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

/// A keyed bijection on the numbers below 10^digits: a Feistel network over the two halves of the
/// digits, in which each half is shifted by a keyed hash of the other. Each round can be undone, so
/// the whole can.
[[nodiscard]] constexpr std::uint64_t shuffle_digits(ref_key const& key, std::uint64_t number,
                                                     unsigned digits) noexcept
{
    constexpr unsigned rounds = 10;  // as in NIST's FF1, which has the same structure
    std::uint64_t const low_size = power_of_ten(digits / 2);
    std::uint64_t const high_size = power_of_ten(digits - digits / 2);
    std::uint64_t high = number / low_size;
    std::uint64_t low = number % low_size;
    for (unsigned round = 0; round < rounds; ++round) {
        std::uint64_t const tweak = (static_cast<std::uint64_t>(digits) << 8) | round;
        if (round % 2 == 0) {
            high = (high + siphash(key, tweak, low) % high_size) % high_size;
        } else {
            low = (low + siphash(key, tweak, high) % low_size) % low_size;
        }
    }
    return high * low_size + low;
}

}  // namespace detail

constexpr booking_ref nth_ref(ref_key const& key, std::uint64_t n) noexcept
{
    unsigned digits = booking_ref::min_digits;
    while (n >= detail::power_of_ten(digits)) {
        n -= detail::power_of_ten(digits);
        ++digits;
    }
    AIRCARGO_ASSERT(digits <= booking_ref::max_digits);
    return booking_ref::from_number(detail::shuffle_digits(key, n, digits), digits);
}

}  // namespace aircargo
