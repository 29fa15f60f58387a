#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>

namespace aircargo::test {

/// Choices that a fuzzer makes, from its bytes; zeros behind their end.
class byte_source {
public:
    explicit byte_source(std::span<std::uint8_t const> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    [[nodiscard]] std::span<std::uint8_t const> rest() const noexcept { return bytes_; }

    std::uint8_t byte()
    {
        if (bytes_.empty()) return 0;
        auto const first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    /// A whole number in [low, high].
    int between(int low, int high)
    {
        auto const count = static_cast<unsigned>(high - low) + 1;
        unsigned value = byte();
        for (auto more = count; more > 256; more /= 256) value = value << 8 | byte();
        return low + static_cast<int>(value % count);
    }
    template <class Range>
    auto const& one_of(Range const& range)
    {
        return range[static_cast<std::size_t>(between(0, static_cast<int>(std::size(range)) - 1))];
    }
    bool one_in(int count) { return between(0, count - 1) == count - 1; }

private:
    std::span<std::uint8_t const> bytes_;
};

/// Ends the program, so that the fuzzer keeps the input, unless something is so.
inline void demand(bool so, char const* what, std::string const& about = {})
{
    if (so) return;
    std::fprintf(stderr, "wrong: %s\n%s\n", what, about.c_str());
    std::abort();
}

}  // namespace aircargo::test

/// What a fuzz target is: one input, and whether anything is wrong with what it does.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);
