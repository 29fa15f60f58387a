#include "text.hpp"
#include <openssl/evp.h>
#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

namespace aircargo::server {
namespace {

/// Length of the well-formed sequence at the start of `text`; 0 when there is none.
[[nodiscard]] std::size_t sequence_length(std::string_view text) noexcept
{
    auto const at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const first = at(0);
    if (first < 0x80) return 1;
    std::size_t const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0U) != 0x80) return 0;
    }
    bool const overlong = (first == 0xe0 && at(1) < 0xa0) || (first == 0xf0 && at(1) < 0x90);
    bool const surrogate = first == 0xed && at(1) > 0x9f;
    bool const too_high = first == 0xf4 && at(1) > 0x8f;
    return overlong || surrogate || too_high ? 0 : size;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        auto const size = sequence_length(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

std::string well_formed(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const size = sequence_length(text);
        out += size == 0 ? std::string_view("?") : text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

std::string to_hex(std::span<unsigned char const> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 0x0fU];
    }
    return out;
}

std::string sha256(std::string_view text)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    return to_hex(digest);
}

std::string random_id()
{
    thread_local std::mt19937_64 random = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    std::array<unsigned char, 8> bytes{};
    auto const number = random();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<unsigned char>(number >> (8 * i));
    }
    return to_hex(bytes);
}

}  // namespace aircargo::server
