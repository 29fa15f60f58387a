#pragma once

#include "auth/caller.hpp"
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace aircargo::server {

/// What a credential is known by: 128 bits that only this process can make of it, so that nobody
/// can find another credential with the same ones.
struct credential_digest {
    std::uint64_t first;
    std::uint64_t second;

    friend bool operator==(credential_digest const&, credential_digest const&) = default;
};

/// Whose credentials are, as far as that was found out. Each takes about 200 bytes; the ones that
/// were not asked for longest go first. Thread-safe.
class remembered_callers {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct entry {
        caller who;
        time_point account_until;     ///< the account may have changed after that
        time_point credential_until;  ///< the credential itself has to be looked at anew after that
    };

    explicit remembered_callers(std::size_t most);

    [[nodiscard]] credential_digest digest(std::string_view credential) const;
    [[nodiscard]] std::optional<entry> find(credential_digest const& of);
    void put(credential_digest const& of, entry e);
    void forget(credential_digest const& of);

private:
    static constexpr std::size_t shards = 16;
    struct by_first {
        std::size_t operator()(credential_digest const& d) const noexcept
        {
            return static_cast<std::size_t>(d.first);
        }
    };
    using entries = std::unordered_map<credential_digest, entry, by_first>;
    /// Entries are put into the young ones. When these are enough they become the old ones, and
    /// what is still old by then goes.
    struct alignas(64) shard {
        std::mutex mutex;
        entries young;
        entries old;
    };

    [[nodiscard]] shard& shard_of(credential_digest const& d) noexcept
    {
        return shards_[d.second % shards];
    }
    void put_young(shard& s, credential_digest const& of, entry e) const;

    std::array<unsigned char, 16> key_{};
    std::size_t most_young_;
    std::array<shard, shards> shards_;
};

}  // namespace aircargo::server
