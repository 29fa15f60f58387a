#include "auth/remembered_callers.hpp"
#include <sodium.h>
#include <algorithm>

namespace aircargo::server {

static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16);
static_assert(crypto_shorthash_siphashx24_BYTES == sizeof(credential_digest));

remembered_callers::remembered_callers(std::size_t most)
    : most_young_(std::max<std::size_t>(most / shards / 2, 1))
{
    randombytes_buf(key_.data(), key_.size());
}

credential_digest remembered_callers::digest(std::string_view credential) const
{
    std::array<unsigned char, sizeof(credential_digest)> bytes;
    crypto_shorthash_siphashx24(bytes.data(),
                                reinterpret_cast<unsigned char const*>(credential.data()),
                                credential.size(), key_.data());
    credential_digest digest;
    std::memcpy(&digest, bytes.data(), sizeof digest);
    return digest;
}

std::optional<remembered_callers::entry> remembered_callers::find(credential_digest const& of)
{
    auto& s = shard_of(of);
    std::scoped_lock const lock(s.mutex);
    if (auto const found = s.young.find(of); found != s.young.end()) return found->second;
    auto const found = s.old.find(of);
    if (found == s.old.end()) return std::nullopt;
    auto e = std::move(found->second);
    s.old.erase(found);
    put_young(s, of, e);
    return e;
}

void remembered_callers::put(credential_digest const& of, entry e)
{
    auto& s = shard_of(of);
    std::scoped_lock const lock(s.mutex);
    s.old.erase(of);
    put_young(s, of, std::move(e));
}

void remembered_callers::forget(credential_digest const& of)
{
    auto& s = shard_of(of);
    std::scoped_lock const lock(s.mutex);
    s.young.erase(of);
    s.old.erase(of);
}

void remembered_callers::put_young(shard& s, credential_digest const& of, entry e) const
{
    if (s.young.size() >= most_young_ && !s.young.contains(of)) {
        s.old = std::move(s.young);
        s.young.clear();
    }
    s.young.insert_or_assign(of, std::move(e));
}

}  // namespace aircargo::server
