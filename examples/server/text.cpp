#include "text.hpp"
#include <openssl/evp.h>
#include <zlib.h>
#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

namespace aircargo::server {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

std::string to_hex(std::span<unsigned char const> bytes)
{
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto byte : bytes) {
        out += hex_digits[byte >> 4U];
        out += hex_digits[byte & 0x0fU];
    }
    return out;
}

std::string gunzip(std::string_view bytes)
{
    constexpr int gzip_header = 16;
    constexpr std::size_t size_of_piece = 64 * 1024;
    z_stream stream{};
    if (inflateInit2(&stream, gzip_header + MAX_WBITS) != Z_OK) {
        throw std::runtime_error("zlib can not start");
    }
    // zlib does not write there; its interface is older than const
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int state = Z_OK;
    while (state == Z_OK) {
        auto const before = out.size();
        out.resize(before + size_of_piece);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = size_of_piece;
        state = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END) throw std::runtime_error("what was compressed is not whole");
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
    std::string id(16, '0');
    fill_with_random_hex(id);
    return id;
}

void fill_with_random_hex(std::span<char> room)
{
    thread_local std::mt19937_64 random = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    constexpr unsigned digits_in_one = 16;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < room.size(); ++i) {
        number = i % digits_in_one == 0 ? random() : number >> 4U;
        room[i] = hex_digits[number & 0x0fU];
    }
}

std::string without_passwords(std::string text)
{
    constexpr std::string_view scheme_end = "://";
    for (auto at = text.find(scheme_end); at != text.npos; at = text.find(scheme_end, at)) {
        at += scheme_end.size();
        auto const address = text.substr(at, text.find_first_of(" '\"\n", at) - at);
        auto const colon = address.find(':');
        auto const end = address.rfind('@');
        if (colon < end && end != address.npos)
            text.replace(at + colon + 1, end - colon - 1, "***");
    }
    return text;
}

}  // namespace aircargo::server
