#include "auth/signing_key.hpp"
#include "auth/secrets.hpp"
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <array>
#include <stdexcept>
#include <utility>

namespace aircargo::server {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* p) const noexcept
    {
        Free(p);
    }
};
using mac_context = std::unique_ptr<EVP_MAC_CTX, freed_by<EVP_MAC_CTX_free>>;
using public_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using text_source = std::unique_ptr<BIO, freed_by<BIO_free>>;

[[nodiscard]] unsigned char const* bytes_of(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

/// Sixteen characters of the hash of what only the key's owner, or everybody, knows.
[[nodiscard]] std::string id_of(std::string_view what)
{
    constexpr std::size_t enough = 16;
    return hash_of_secret("aircargo kid " + std::string(what)).substr(0, enough);
}

[[noreturn]] void fail(char const* what)
{
    throw std::runtime_error(std::string("OpenSSL can not ") + what);
}

/// The context with the key in it is made once, and each use begins with a copy: making it costs
/// more than the hash.
class hmac_key final : public signing_key {
public:
    static constexpr std::size_t size = 32;

    explicit hmac_key(std::string_view secret) : id_(id_of(secret))
    {
        std::unique_ptr<EVP_MAC, freed_by<EVP_MAC_free>> const mac(
            EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
        if (mac) keyed_.reset(EVP_MAC_CTX_new(mac.get()));
        std::string digest = "SHA256";
        std::array const parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
            OSSL_PARAM_construct_end()};
        bool const made = keyed_ && EVP_MAC_init(keyed_.get(), bytes_of(secret), secret.size(),
                                                 parameters.data()) == 1;
        if (!made) fail("make an HMAC");
    }

    std::string_view algorithm() const noexcept override { return "HS256"; }
    std::string const& id() const noexcept override { return id_; }
    bool can_sign() const noexcept override { return true; }

    std::string sign(std::string_view text) const override
    {
        auto const code = code_of(text);
        return {reinterpret_cast<char const*>(code.data()), code.size()};
    }

    bool verify(std::string_view text, std::string_view signature) const override
    {
        auto const code = code_of(text);
        return signature.size() == code.size() &&
               CRYPTO_memcmp(code.data(), signature.data(), code.size()) == 0;
    }

private:
    [[nodiscard]] std::array<unsigned char, size> code_of(std::string_view text) const
    {
        std::array<unsigned char, size> code{};
        std::size_t written = 0;
        mac_context const context(EVP_MAC_CTX_dup(keyed_.get()));
        bool const made = context &&
                          EVP_MAC_update(context.get(), bytes_of(text), text.size()) == 1 &&
                          EVP_MAC_final(context.get(), code.data(), &written, code.size()) == 1;
        if (!made || written != size) fail("make an HMAC");
        return code;
    }

    std::string id_;
    mac_context keyed_;
};

class ed25519_key final : public signing_key {
public:
    static constexpr std::size_t size = 64;

    ed25519_key(public_key key, bool can_sign) : key_(std::move(key)), can_sign_(can_sign)
    {
        std::array<unsigned char, 32> raw{};
        std::size_t length = raw.size();
        if (EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &length) != 1) fail("read a key");
        id_ = id_of({reinterpret_cast<char const*>(raw.data()), length});
    }

    std::string_view algorithm() const noexcept override { return "EdDSA"; }
    std::string const& id() const noexcept override { return id_; }
    bool can_sign() const noexcept override { return can_sign_; }

    std::string sign(std::string_view text) const override
    {
        std::string signature(size, '\0');
        std::size_t length = size;
        digest_context const context(EVP_MD_CTX_new());
        bool const made =
            context &&
            EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                           &length, bytes_of(text), text.size()) == 1;
        if (!made || length != size) fail("sign");
        return signature;
    }

    bool verify(std::string_view text, std::string_view signature) const override
    {
        digest_context const context(EVP_MD_CTX_new());
        return signature.size() == size && context &&
               EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
               EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                bytes_of(text), text.size()) == 1;
    }

private:
    public_key key_;
    bool can_sign_;
    std::string id_;
};

/// A key that is locked by a password is none that a server can start with.
int no_password(char*, int, int, void*) { return -1; }

}  // namespace

result<signing_key_ptr> make_hmac_key(std::string_view secret)
{
    if (secret.size() >= signing_key::least_secret_bytes)
        return signing_key_ptr(std::make_shared<hmac_key>(secret));
    return refuse(errc::invalid_request, "a secret for HS256 needs 32 bytes or more");
}

result<signing_key_ptr> make_ed25519_key(std::string const& pem)
{
    auto const source = [&] {
        return text_source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    };
    public_key key(PEM_read_bio_PrivateKey(source().get(), nullptr, no_password, nullptr));
    bool const can_sign = key != nullptr;
    if (!key) key.reset(PEM_read_bio_PUBKEY(source().get(), nullptr, no_password, nullptr));
    if (key && EVP_PKEY_is_a(key.get(), "ED25519") == 1)
        return signing_key_ptr(std::make_shared<ed25519_key>(std::move(key), can_sign));
    return refuse(errc::invalid_request, "there is no Ed25519 key in PEM, without a password");
}

}  // namespace aircargo::server
