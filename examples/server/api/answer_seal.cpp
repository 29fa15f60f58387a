#include "api/answer_seal.hpp"
#include "auth/secrets.hpp"
#include <sodium.h>
#include <algorithm>
#include <array>

namespace aircargo::server {
namespace {

using secret_key = std::array<unsigned char, crypto_secretbox_KEYBYTES>;
static_assert(crypto_secretbox_KEYBYTES == 32);

[[nodiscard]] unsigned char const* bytes_of(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

/// BLAKE2b of the text, under a key that may be empty.
[[nodiscard]] secret_key hash_of(std::string_view text, std::string_view key)
{
    secret_key out{};
    crypto_generichash(out.data(), out.size(), bytes_of(text), text.size(), bytes_of(key),
                       key.size());
    return out;
}

/// 32 bytes that only the owner of the key can make. Both algorithms sign alike every time, and no
/// token's text looks like this one.
[[nodiscard]] std::string secret_of(signing_key const& key)
{
    auto const secret = hash_of(key.sign("aircargo: seal of kept answers"), {});
    return {reinterpret_cast<char const*>(secret.data()), secret.size()};
}

}  // namespace

answer_seal::answer_seal(auth_config const& c)
{
    for (auto const& key : c.keys) {
        if (key->can_sign() && !c.keys_are_drawn) keys_.push_back({key->id(), secret_of(*key)});
    }
    keys_.push_back({"none", {}});
}

/// `id.nonce and box`, the second part in base64url.
std::string answer_seal::close(std::string_view answer, std::string_view client_key) const
{
    auto const& [id, secret] = keys_.front();
    auto const key = hash_of(client_key, secret);
    std::string box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + answer.size(), '\0');
    auto* const nonce = reinterpret_cast<unsigned char*>(box.data());
    randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, bytes_of(answer), answer.size(),
                          nonce, key.data());
    return id + '.' + to_base64url(box);
}

std::optional<std::string> answer_seal::open(std::string_view sealed,
                                             std::string_view client_key) const
{
    constexpr std::size_t around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    auto const dot = sealed.find('.');
    if (dot == sealed.npos) return std::nullopt;
    auto const used = std::find_if(keys_.begin(), keys_.end(),
                                   [&](auto const& k) { return k.id == sealed.substr(0, dot); });
    auto const box = from_base64url(sealed.substr(dot + 1));
    if (used == keys_.end() || !box || box->size() < around) return std::nullopt;

    auto const key = hash_of(client_key, used->secret);
    std::string answer(box->size() - around, '\0');
    bool const opened = crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(answer.data()),
                                                   bytes_of(*box) + crypto_secretbox_NONCEBYTES,
                                                   box->size() - crypto_secretbox_NONCEBYTES,
                                                   bytes_of(*box), key.data()) == 0;
    return opened ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace aircargo::server
