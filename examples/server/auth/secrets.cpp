#include "auth/secrets.hpp"
#include <openssl/evp.h>
#include <sodium.h>
#include <array>
#include <stdexcept>

namespace aircargo::server {
namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

std::string to_base64url(std::string_view bytes)
{
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');  // with its end
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), variant);
    text.pop_back();
    return text;
}

std::optional<std::string> from_base64url(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    bool const read =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, nullptr, variant) == 0;
    if (!read) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::string random_secret(std::size_t bytes)
{
    std::string drawn(bytes, '\0');
    randombytes_buf(drawn.data(), drawn.size());
    return to_base64url(drawn);
}

std::string hash_of_secret(std::string_view secret)
{
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(secret.data(), secret.size(), digest.data(), nullptr, EVP_sha256(), nullptr) !=
        1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    return to_base64url({reinterpret_cast<char const*>(digest.data()), digest.size()});
}

}  // namespace aircargo::server
