#pragma once

#include "postgres/connection.hpp"
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

namespace aircargo::detail {

inline constexpr pg_statement ask_schedule_version{"schedule_version",
                                                   "SELECT version FROM schedule_version"};

/// Listens for changes of the schedule on a connection of its own, so that asking for its version
/// costs nothing. Since that connection has little to do, it also removes old idempotency keys,
/// once a minute. Thread-safe.
class schedule_watch {
public:
    /// What writers of flights notify, with the new version as the payload.
    static constexpr char const* channel = "aircargo_schedule";

    explicit schedule_watch(pg_target target);
    ~schedule_watch();
    schedule_watch(schedule_watch const&) = delete;
    schedule_watch& operator=(schedule_watch const&) = delete;

    /// The version as last heard of; nothing while the server can not be heard.
    [[nodiscard]] std::optional<std::uint64_t> version() const noexcept;
    /// A writer of this process knows before it is told.
    void note(std::uint64_t version) noexcept;

private:
    void listen_until_stopped();
    void listen(pg_connection& connection);
    [[nodiscard]] bool tidy_up(pg_connection& connection);
    [[nodiscard]] bool wait_or_stop(std::chrono::milliseconds most) const;

    pg_target const target_;
    int wake_;  // an eventfd; readable once this is to stop
    std::atomic<std::uint64_t> version_ = 0;
    std::atomic<bool> hears_ = false;
    std::chrono::steady_clock::time_point next_tidying_{};  // of the thread alone
    std::thread thread_;
};

}  // namespace aircargo::detail
