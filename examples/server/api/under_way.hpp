#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace aircargo::server {

/// Which idempotency keys this server has in hand for what no store can make others wait for.
/// Thread-safe.
class keys_under_way {
public:
    /// Until it goes, the key is in hand.
    using hold = std::shared_ptr<void const>;

    /// \param name of the key, in its scope \return null while somebody has it in hand already
    [[nodiscard]] hold take(std::string const& name)
    {
        std::scoped_lock const lock(mutex_);
        auto const [place, is_new] = names_.insert(name);
        if (!is_new) return nullptr;
        return {&*place, [this](std::string const* taken) { let_go(*taken); }};
    }

private:
    void let_go(std::string const& name)
    {
        std::scoped_lock const lock(mutex_);
        names_.erase(names_.find(name));
    }

    std::mutex mutex_;
    std::set<std::string> names_;  // whose elements stay where they are
};

}  // namespace aircargo::server
