#pragma once

#include "desk.hpp"
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace aircargo::python {

/// How often this process came into being by fork.
[[nodiscard]] unsigned fork_count() noexcept;

/// A desk that can be closed while others use it, and that knows when it is not its process any
/// more. All is called with the GIL; it is released where there is something to wait for.
class cargo {
public:
    explicit cargo(ports p) : desk_(std::make_unique<desk>(std::move(p))) {}
    ~cargo() { shut(); }
    cargo(cargo const&) = delete;
    cargo& operator=(cargo const&) = delete;

    /// `use(desk)` without the GIL.
    template <class Use>
    auto waiting(Use use)
    {
        need_open();
        py::gil_scoped_release const released;
        std::shared_lock const lock(mutex_);
        return use(desk_in_use());
    }

    /// `use(desk)`, which does not wait for anybody, with the GIL.
    template <class Use>
    auto at_once(Use use)
    {
        need_open();
        std::shared_lock const lock(mutex_);  // nobody closes: that takes the GIL first
        return use(desk_in_use());
    }

    /// Waits for calls that are under way, answers all that were handed in, and joins the threads.
    void close();
    [[nodiscard]] bool is_closed() const noexcept { return closing_; }

private:
    void need_open() const;
    [[nodiscard]] desk& desk_in_use();
    void shut();

    std::unique_ptr<desk> desk_;  // guarded by mutex_
    std::shared_mutex mutex_;
    std::atomic<bool> closing_ = false;
    unsigned forks_ = fork_count();
};

}  // namespace aircargo::python
