#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aircargo::detail {

/// Searches may look this many values past the end of a lane's departures.
inline constexpr std::size_t lane_slack = 16;

/// The first of [from, to) whose value is `bound` or more, else `to`. Values ascend. Reads up to
/// `lane_slack` values behind `to`, whatever they are.
[[nodiscard, gnu::always_inline]] inline std::uint32_t first_not_below(std::uint32_t const* values,
                                                                       std::uint32_t from,
                                                                       std::uint32_t to,
                                                                       std::uint32_t bound) noexcept
{
#if defined(__SSE2__)
    // Sixteen at a time without a branch: most days of most lanes have fewer flights than that.
    auto const sign = _mm_set1_epi32(std::numeric_limits<std::int32_t>::min());  // unsigned order
    auto const limit = _mm_xor_si128(_mm_set1_epi32(static_cast<std::int32_t>(bound)), sign);
    for (; from < to; from += 16) {
        auto const below = [&](int nth) {
            auto const four =
                _mm_loadu_si128(reinterpret_cast<__m128i const*>(values + from) + nth);
            return _mm_cmplt_epi32(_mm_xor_si128(four, sign), limit);
        };
        auto const bytes = _mm_packs_epi16(_mm_packs_epi32(below(0), below(1)),
                                           _mm_packs_epi32(below(2), below(3)));
        auto const late = ~static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)) & 0xFFFFU;
        // The first late one, not the number of early ones: what lies behind the end may be early.
        if (late != 0)
            return std::min(to, from + static_cast<std::uint32_t>(std::countr_zero(late)));
    }
    return to;
#else
    while (from < to && values[from] < bound) ++from;
    return from;
#endif
}

}  // namespace aircargo::detail
