#include "auth/passwords.hpp"
#include "auth/secrets.hpp"
#include <aircargo/core/utf8.hpp>
#include <sodium.h>
#include <array>
#include <new>

namespace aircargo::server {
namespace {

// What OWASP asks for at least.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory = std::size_t{19'456} * 1024;

}  // namespace

result<void> check_new_password(std::string_view password)
{
    bool const fits =
        password.size() >= least_password_bytes && password.size() <= most_password_bytes;
    if (fits && is_clean_utf8(password)) return {};
    return refuse(errc::invalid_request,
                  "a password must have " + std::to_string(least_password_bytes) + " to " +
                      std::to_string(most_password_bytes) + " bytes of UTF-8");
}

std::string hash_password(std::string_view password)
{
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(), passes, memory) != 0)
        throw std::bad_alloc();
    return hash.data();
}

bool verify_password(std::string const& hash, std::string_view password)
{
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string slow_hash(std::string_view text, std::string_view salt)
{
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salted{};
    crypto_generichash(salted.data(), salted.size(),
                       reinterpret_cast<unsigned char const*>(salt.data()), salt.size(), nullptr,
                       0);
    std::array<unsigned char, 32> hash{};
    if (crypto_pwhash(hash.data(), hash.size(), text.data(), text.size(), salted.data(), passes,
                      memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return to_base64url({reinterpret_cast<char const*>(hash.data()), hash.size()});
}

std::string const& nobodys_password_hash()
{
    static std::string const hash = hash_password(random_secret(32));
    return hash;
}

}  // namespace aircargo::server
