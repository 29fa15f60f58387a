#pragma once

#include <aircargo/routing/flight.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace aircargo::bench {

/// Numbers the airports of a schedule from 0, in the order of their codes.
class airport_numbers {
public:
    explicit airport_numbers(std::span<flight const> flights)
        : number_of_(airport_code::index_count, none)
    {
        for (auto const& f : flights) {
            number_of_[f.origin.index()] = number_of_[f.destination.index()] = 0;
        }
        for (auto& number : number_of_) {
            if (number != none) number = static_cast<std::uint16_t>(size_++);
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// \pre a flight of the schedule serves the airport
    [[nodiscard]] std::size_t operator[](airport_code code) const noexcept
    {
        return number_of_[code.index()];
    }

private:
    static constexpr std::uint16_t none = 0xFFFF;

    std::vector<std::uint16_t> number_of_;
    std::size_t size_ = 0;
};

}  // namespace aircargo::bench
