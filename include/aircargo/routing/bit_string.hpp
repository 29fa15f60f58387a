#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// Bits that lie one after another in memory, the lowest of each byte first.
namespace aircargo::detail {

static_assert(std::endian::native == std::endian::little, "words of bits are read as they lie");

/// Bits that `bits_from` gives at a time.
inline constexpr std::uint32_t bits_at_once = 56;
/// How far behind the last bit it may read.
inline constexpr std::size_t bit_slack = 8;

/// The bits from the nth on, the first one lowest; those above `bits_at_once` may be anything.
[[nodiscard]] inline std::uint64_t bits_from(std::byte const* bits, std::size_t nth) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, bits + nth / 8, sizeof word);
    return word >> (nth % 8);
}

[[nodiscard]] constexpr std::uint64_t lowest_bits(std::uint64_t word, std::size_t count) noexcept
{
    return word & ((std::uint64_t{1} << count) - 1);
}

/// How many of [first, last) are set.
[[nodiscard]] inline std::size_t bit_count(std::byte const* bits, std::size_t first,
                                           std::size_t last) noexcept
{
    auto const count_of = [&](std::size_t next) {
        auto const set = std::popcount(lowest_bits(bits_from(bits, first), next));
        return static_cast<std::size_t>(set);
    };
    std::size_t count = 0;
    for (; first + bits_at_once < last; first += bits_at_once) {
        count += count_of(bits_at_once);
    }
    return first < last ? count + count_of(last - first) : count;
}

inline void set_bit(std::byte* bits, std::size_t nth) noexcept
{
    bits[nth / 8] |= static_cast<std::byte>(1U << (nth % 8));
}

}  // namespace aircargo::detail
