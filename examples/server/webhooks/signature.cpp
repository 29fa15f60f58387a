#include "webhooks/signature.hpp"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace aircargo::server {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t digest_bytes = 32;

[[nodiscard]] unsigned char const* bytes(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

[[nodiscard]] std::string to_base64(std::string_view text)
{
    std::string out((text.size() + 2) / 3 * 4 + 1, '\0');  // with its end
    auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text),
                                      static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

[[nodiscard]] std::optional<std::string> from_base64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes(text),
                        static_cast<int>(text.size())) < 0)
        return std::nullopt;
    auto const padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    out.resize(out.size() - padding);
    return out;
}

}  // namespace

std::string draw_webhook_secret()
{
    std::array<unsigned char, secret_bytes> drawn{};
    if (RAND_bytes(drawn.data(), static_cast<int>(drawn.size())) != 1)
        throw std::runtime_error("no random bytes");
    return std::string(prefix) +
           to_base64({reinterpret_cast<char const*>(drawn.data()), drawn.size()});
}

std::optional<std::string> bytes_of_webhook_secret(std::string_view secret)
{
    if (!secret.starts_with(prefix)) return std::nullopt;
    return from_base64(secret.substr(prefix.size()));
}

std::string webhook_signature(std::string_view secret, std::string_view id, utc_time at,
                              std::string_view body)
{
    auto const key = bytes_of_webhook_secret(secret).value();
    std::string text;
    text.append(id).append(".").append(std::to_string(to_epoch(at))).append(".").append(body);
    std::array<unsigned char, digest_bytes> digest{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(),
             digest.data(), &size) == nullptr)
        throw std::runtime_error("HMAC-SHA256 is not available");
    return "v1," + to_base64({reinterpret_cast<char const*>(digest.data()), size});
}

}  // namespace aircargo::server
