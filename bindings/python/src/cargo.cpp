#include "cargo.hpp"
#include <pthread.h>

namespace aircargo::python {
namespace {

std::atomic<unsigned> forks = 0;

[[nodiscard]] error is_closed_error()
{
    return refuse(errc::backend_down, "this Cargo is closed; open another one");
}

}  // namespace

unsigned fork_count() noexcept
{
    [[maybe_unused]] static int const counting =
        pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
    return forks.load(std::memory_order_relaxed);
}

void cargo::need_open() const
{
    if (closing_) raise(is_closed_error());
    if (forks_ == fork_count()) return;
    raise(refuse(errc::backend_down,
                 "this Cargo was opened before the process forked, and its threads are not here; "
                 "open another one in this process"));
}

/// Who was let in just before it closed may find it gone.
desk& cargo::desk_in_use()
{
    if (desk_) return *desk_;
    py::gil_scoped_acquire const gil;
    raise(is_closed_error());
}

void cargo::close()
{
    if (depth_of_ports() > 0) {
        throw std::runtime_error(
            "a store, cache or lock can not close the Cargo that is calling it");
    }
    shut();
}

void cargo::shut()
{
    if (closing_.exchange(true)) return;
    if (forks_ != fork_count()) {
        (void)desk_.release();  // its threads live in another process, so they can not be joined
        return;
    }
    py::gil_scoped_release const released;
    std::scoped_lock const lock(mutex_);
    desk_.reset();
}

}  // namespace aircargo::python
