#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#endif

/// Many times at once: what the search's innermost loops ask of a processor, in the widest form
/// that it has. Times are numbers that ascend; searches give the number of those below a bound.
namespace aircargo::detail {

/// Reads may go so many values past the end of what a lane keeps, whatever is there.
inline constexpr std::size_t lane_slack = 16;

/// How many pairs `store_steps` writes.
inline constexpr std::uint32_t piece_of_run = 16;

/// For any processor.
struct narrow_vectors {
    /// Calls `use(below)` with a function that tells, many times, how many values are below a
    /// bound.
    template <class Use>
    static void with_window(std::uint32_t const* values, std::uint32_t count, Use const& use)
    {
        use([=](std::uint32_t bound) { return first_not_below(values, 0, count, bound); });
    }
    /// The first of [from, to) that is `bound` or more, else `to`.
    [[nodiscard]] static std::uint32_t first_not_below(std::uint32_t const* values,
                                                       std::uint32_t from, std::uint32_t to,
                                                       std::uint32_t bound) noexcept
    {
        return static_cast<std::uint32_t>(std::lower_bound(values + from, values + to, bound) -
                                          values);
    }
    /// The same for small values. \pre none has its highest bit set
    [[nodiscard]] static std::uint32_t first_not_below(std::uint16_t const* values,
                                                       std::uint32_t from, std::uint32_t to,
                                                       std::uint16_t bound) noexcept
    {
        return static_cast<std::uint32_t>(std::lower_bound(values + from, values + to, bound) -
                                          values);
    }
    /// Writes {first, second}, {first, second + 1} and so on. \pre pairs of 8 bytes
    template <class Pair>
    static void store_steps(Pair* to, std::uint32_t first, std::uint32_t second) noexcept
    {
        for (std::uint32_t i = 0; i < piece_of_run; ++i) to[i] = {first, second + i};
    }
};

#if defined(__GNUC__) && defined(__x86_64__)

/// What every 64-bit x86 has. Sixteen at a time without a branch: most days of most lanes have
/// fewer flights than that.
struct sse2_vectors {
    template <class Use>
    static void with_window(std::uint32_t const* values, std::uint32_t count, Use const& use)
    {
        use([=](std::uint32_t bound) { return first_not_below(values, 0, count, bound); });
    }
    [[nodiscard]] static std::uint32_t first_not_below(std::uint32_t const* values,
                                                       std::uint32_t from, std::uint32_t to,
                                                       std::uint32_t bound) noexcept
    {
        auto const sign = _mm_set1_epi32(std::numeric_limits<std::int32_t>::min());  // unsigned
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
            // The first late one, not the number of early ones: what lies behind the end may be
            // early.
            if (late != 0) {
                return std::min(to, from + static_cast<std::uint32_t>(std::countr_zero(late)));
            }
        }
        return to;
    }
    [[nodiscard]] static std::uint32_t first_not_below(std::uint16_t const* values,
                                                       std::uint32_t from, std::uint32_t to,
                                                       std::uint16_t bound) noexcept
    {
        auto const limit = _mm_set1_epi16(static_cast<std::int16_t>(bound));
        for (; from < to; from += 16) {
            auto const below = [&](int nth) {
                auto const eight =
                    _mm_loadu_si128(reinterpret_cast<__m128i const*>(values + from) + nth);
                return _mm_cmplt_epi16(eight, limit);
            };
            auto const bytes = _mm_packs_epi16(below(0), below(1));
            auto const late = ~static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)) & 0xFFFFU;
            if (late != 0) {
                return std::min(to, from + static_cast<std::uint32_t>(std::countr_zero(late)));
            }
        }
        return to;
    }
    template <class Pair>
    static void store_steps(Pair* to, std::uint32_t first, std::uint32_t second) noexcept
    {
        auto const one = static_cast<std::int32_t>(first);
        auto const two = static_cast<std::int32_t>(second);
        auto next = _mm_setr_epi32(one, two, one, two + 1);
        for (std::uint32_t i = 0; i < piece_of_run; i += 2) {
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), next);
            next = _mm_add_epi32(next, _mm_setr_epi32(0, 2, 0, 2));
        }
    }
};
using usual_vectors = sse2_vectors;

#define AIRCARGO_WITH_AVX512 gnu::target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,popcnt,lzcnt")

struct avx512_vectors {
    /// Windows of up to 64 values stay in registers.
    template <class Use>
    [[AIRCARGO_WITH_AVX512]] static void with_window(std::uint32_t const* values,
                                                     std::uint32_t count, Use const& use)
    {
        if (count <= 32) {
            use(thirty_two(values, count));
        } else if (count <= 64) {
            use(sixty_four(values, count));
        } else {
            use([=](std::uint32_t bound) { return first_not_below(values, 0, count, bound); });
        }
    }
    [[nodiscard, AIRCARGO_WITH_AVX512]] static std::uint32_t first_not_below(
        std::uint32_t const* values, std::uint32_t from, std::uint32_t to,
        std::uint32_t bound) noexcept
    {
        auto const limit = _mm512_set1_epi32(static_cast<std::int32_t>(bound));
        for (; from < to; from += 16) {
            auto const late = static_cast<std::uint32_t>(
                _mm512_cmpge_epu32_mask(_mm512_loadu_si512(values + from), limit));
            if (late != 0) {
                return std::min(to, from + static_cast<std::uint32_t>(std::countr_zero(late)));
            }
        }
        return to;
    }
    template <class Pair>
    [[AIRCARGO_WITH_AVX512]] static void store_steps(Pair* to, std::uint32_t first,
                                                     std::uint32_t second) noexcept
    {
        auto const pair = std::uint64_t{second} << 32U | first;
        auto const low =
            _mm512_add_epi32(_mm512_set1_epi64(static_cast<std::int64_t>(pair)),
                             _mm512_setr_epi32(0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7));
        auto const high = _mm512_add_epi32(low, _mm512_set1_epi64(std::int64_t{8} << 32U));
        _mm512_storeu_si512(to, low);
        _mm512_storeu_si512(to + 8, high);
    }

private:
    class thirty_two {
    public:
        [[AIRCARGO_WITH_AVX512]] thirty_two(std::uint32_t const* values,
                                            std::uint32_t count) noexcept
        {
            auto const never = _mm512_set1_epi32(-1);
            auto const kept = _bzhi_u32(0xFFFF'FFFFU, count);
            low_ = _mm512_mask_loadu_epi32(never, static_cast<__mmask16>(kept), values);
            high_ =
                _mm512_mask_loadu_epi32(never, static_cast<__mmask16>(kept >> 16U), values + 16);
        }
        [[nodiscard, AIRCARGO_WITH_AVX512]] std::uint32_t mask_below(
            std::uint32_t bound) const noexcept
        {
            auto const limit = _mm512_set1_epi32(static_cast<std::int32_t>(bound));
            return static_cast<std::uint32_t>(_mm512_kunpackw(
                _mm512_cmplt_epu32_mask(high_, limit), _mm512_cmplt_epu32_mask(low_, limit)));
        }
        [[nodiscard, AIRCARGO_WITH_AVX512]] std::uint32_t operator()(
            std::uint32_t bound) const noexcept
        {
            return static_cast<std::uint32_t>(std::popcount(mask_below(bound)));
        }

    private:
        __m512i low_;
        __m512i high_;
    };
    class sixty_four {
    public:
        [[AIRCARGO_WITH_AVX512]] sixty_four(std::uint32_t const* values,
                                            std::uint32_t count) noexcept
            : low_(values, 32), high_(values + 32, count - 32)
        {}
        [[nodiscard, AIRCARGO_WITH_AVX512]] std::uint32_t operator()(
            std::uint32_t bound) const noexcept
        {
            auto const both =
                std::uint64_t{high_.mask_below(bound)} << 32U | low_.mask_below(bound);
            return static_cast<std::uint32_t>(std::popcount(both));
        }

    private:
        thirty_two low_;
        thirty_two high_;
    };
};

// Everything that `work` calls becomes part of these functions, and so is compiled for what they
// may use, but for what is marked as not to be inlined.
template <class Work>
[[gnu::flatten, AIRCARGO_WITH_AVX512]] void run_with_avx512(Work& work)
{
    work(avx512_vectors());
}
template <class Work>
[[gnu::flatten, gnu::target("avx2,bmi,bmi2,popcnt,lzcnt")]] void run_with_avx2(Work& work)
{
    work(sse2_vectors());
}

inline bool const has_avx512 = __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512dq") &&
                               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
inline bool const has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");

/// Calls `work(vectors)` compiled for the widest vectors that this processor has.
template <class Work>
void with_wide_vectors(Work work)
{
    if (has_avx512) {
        run_with_avx512(work);
    } else if (has_avx2) {
        run_with_avx2(work);
    } else {
        work(sse2_vectors());
    }
}

#undef AIRCARGO_WITH_AVX512

#else

using usual_vectors = narrow_vectors;

template <class Work>
void with_wide_vectors(Work work)
{
    work(narrow_vectors());
}

#endif

}  // namespace aircargo::detail
