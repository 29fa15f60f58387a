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
constexpr std::string_view scheme_end = "://";
constexpr std::string_view hidden = "***";

/// \param address of a URL, what comes behind its scheme
[[nodiscard]] std::string hide_password(std::string address)
{
    auto const colon = address.find(':');
    auto const end = address.rfind('@');
    if (colon < end && end != address.npos) address.replace(colon + 1, end - colon - 1, hidden);
    constexpr std::string_view parameter = "password=";  // sslpassword= too
    for (auto at = address.find(parameter); at != address.npos; at = address.find(parameter, at)) {
        at += parameter.size();
        auto const next = std::min(address.find('&', at), address.size());
        address.replace(at, next - at, hidden);
    }
    return address;
}

using digest = std::array<unsigned char, 32>;

[[nodiscard]] digest sha256_of(std::string_view text)
{
    digest made{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), made.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    return made;
}

constexpr int gzip_header = 16;  // what zlib adds to its window size for gzip's form

/// zlib does not write there; its interface is older than const.
[[nodiscard]] Bytef* input_of(std::string_view bytes)
{
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

/// Up to the comma that another URL follows.
[[nodiscard]] std::size_t size_of_first_url(std::string_view urls)
{
    constexpr std::array<std::string_view, 3> schemes{",redis://", ",rediss://", ",unix://"};
    auto size = urls.size();
    for (auto const scheme : schemes) size = std::min(size, urls.find(scheme, 1));
    return size;
}

}  // namespace

void empty(std::string& text)
{
    constexpr std::size_t worth_keeping = 4 * 1024;
    if (text.capacity() > worth_keeping) std::string().swap(text);  // clear() keeps its memory
    text.clear();
}

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
    constexpr std::size_t size_of_piece = 64 * 1024;
    z_stream stream{};
    if (inflateInit2(&stream, gzip_header + MAX_WBITS) != Z_OK) {
        throw std::runtime_error("zlib can not start");
    }
    stream.next_in = input_of(bytes);
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

std::string gzip(std::string_view bytes)
{
    constexpr int memory_level = 8;  // zlib's own choice
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_header + MAX_WBITS, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib can not start");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = input_of(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const state = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (state != Z_STREAM_END) throw std::runtime_error("zlib did not come to an end");
    return out;
}

std::string sha256(std::string_view text) { return to_hex(sha256_of(text)); }

std::string sha256_base64(std::string_view text)
{
    auto const made = sha256_of(text);
    std::array<unsigned char, 4 * ((made.size() + 2) / 3) + 1> encoded{};  // and a NUL
    auto const size = EVP_EncodeBlock(encoded.data(), made.data(), static_cast<int>(made.size()));
    return {encoded.begin(), encoded.begin() + size};
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
    for (auto at = text.find(scheme_end); at != text.npos; at = text.find(scheme_end, at)) {
        at += scheme_end.size();
        auto const end = text.find_first_of(" '\"\n", at);
        auto const address = hide_password(text.substr(at, end == text.npos ? end : end - at));
        text.replace(at, end == text.npos ? end : end - at, address);
        at += address.size();
    }
    return text;
}

std::string urls_without_passwords(std::string_view urls)
{
    std::string out;
    for (bool first = true; first || !urls.empty(); first = false) {
        auto const size = size_of_first_url(urls);
        auto const url = urls.substr(0, size);
        auto const scheme = url.find(scheme_end);
        auto const address = scheme == url.npos ? url.size() : scheme + scheme_end.size();
        out += url.substr(0, address);
        out += hide_password(std::string(url.substr(address)));
        urls.remove_prefix(size);
    }
    return out;
}

}  // namespace aircargo::server
