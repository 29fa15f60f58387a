#pragma once

#include <aircargo/core/result.hpp>
#include <compare>
#include <cstdint>
#include <string>

namespace aircargo {

/// Gross weight in whole grams, more than zero and at most `max_kg`.
class weight {
public:
    /// More than any aircraft lifts (An-225: 253 t), so a larger number is a typing error.
    static constexpr std::int64_t max_kg = 1'000'000;

    /// \return the weight, or `errc::invalid_weight`.
    [[nodiscard]] static result<weight> from_grams(std::int64_t grams);
    [[nodiscard]] static result<weight> from_kg(std::int64_t kg);

    [[nodiscard]] constexpr std::int64_t grams() const noexcept { return grams_; }
    /// Whole kilograms, rounded up as air waybills do.
    [[nodiscard]] constexpr std::int64_t kg() const noexcept { return (grams_ + 999) / 1000; }

    friend constexpr auto operator<=>(weight const&, weight const&) = default;

private:
    constexpr explicit weight(std::int64_t grams) noexcept : grams_(grams) {}

    std::int64_t grams_;
};

inline result<weight> weight::from_grams(std::int64_t grams)
{
    if (grams <= 0 || grams > max_kg * 1000) {
        return refuse(errc::invalid_weight, "the weight must be more than 0 and at most " +
                                                std::to_string(max_kg) + " kg");
    }
    return weight(grams);
}

inline result<weight> weight::from_kg(std::int64_t kg)
{
    return from_grams(kg < 0 || kg > max_kg ? 0
                                            : kg * 1000);  // 0 is refused, and nothing overflows
}

}  // namespace aircargo
