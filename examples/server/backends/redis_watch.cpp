#include "backends/redis_watch.hpp"
#include "log.hpp"
#include "observe/guarded.hpp"
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::chrono::milliseconds look_every(500);

/// The value of a setting; nothing when the server does not tell.
[[nodiscard]] std::optional<std::string> setting_in(redis_reply const& reply)
{
    if (reply.is != redis_reply::kind::list || reply.items.size() != 2) return std::nullopt;
    return reply.items[1].text;
}

[[nodiscard]] std::vector<std::string> warnings_about(used_redis const& server,
                                                      std::vector<redis_reply> const& replies)
{
    auto const policy = setting_in(replies[0]);
    auto const save = setting_in(replies[1]);
    auto const append_only = setting_in(replies[2]);
    std::vector<std::string> warnings;
    if (!policy || !save || !append_only) {
        warnings.emplace_back(
            "its settings could not be checked, since it does not tell them (CONFIG GET): "
            "maxmemory-policy must be noeviction, and a cache is better not kept on disk");
        return warnings;
    }
    if (*policy != "noeviction") {
        warnings.push_back("maxmemory-policy is " + *policy +
                           ": set it to noeviction, or locks are lost when memory is short");
    }
    bool const on_disk = !save->empty() || *append_only == "yes";
    if (server.caches && on_disk) {
        warnings.emplace_back(
            "the cache is kept on disk, which is work for nothing, since none of it is used after "
            "a restart: set save '' and appendonly no");
    }
    return warnings;
}

}  // namespace

redis_watch::redis_watch(std::vector<used_redis> servers)
{
    if (servers.empty()) return;
    for (auto& server : servers) watched_.push_back({.server = std::move(server)});
    look_at_all();
    thread_ = std::thread([this] { watch(); });
}

redis_watch::~redis_watch()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::vector<redis_watch::report> redis_watch::reports() const
{
    std::scoped_lock const lock(mutex_);
    std::vector<report> out;
    for (auto const& w : watched_) out.push_back({w.server, w.server.node->state(), w.warnings});
    return out;
}

void redis_watch::watch()
{
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, look_every, [this] { return stopping_; })) {
        lock.unlock();
        (void)guarded("redis", [this] { look_at_all(); });
        lock.lock();
    }
}

void redis_watch::look_at_all()
{
    for (auto& w : watched_) look_at(w);
}

void redis_watch::look_at(watched& w)
{
    auto const answer = w.server.node->run({{"PING"}});
    // It may have gone and come back since the last look.
    auto const failures = w.server.node->state().failures;
    bool const was_away = std::exchange(w.failures, failures) != failures;
    if (w.up && was_away) {
        log_warning("redis.degraded",
                    {{"node", w.server.place},
                     {"detail", answer ? "Redis was away for a moment" : answer.error().detail}});
    }
    bool const was_up = std::exchange(w.up, answer.has_value());
    if (w.up && (was_away || !was_up)) log_info("redis.back", {{"node", w.server.place}});
    if (answer && answer->run_id != w.checked_run) check_settings(w);
}

void redis_watch::check_settings(watched& w)
{
    auto const told = w.server.node->run({{"CONFIG", "GET", "maxmemory-policy"},
                                          {"CONFIG", "GET", "save"},
                                          {"CONFIG", "GET", "appendonly"}});
    if (!told) return;  // next time
    w.checked_run = told->run_id;
    auto warnings = warnings_about(w.server, told->replies);
    for (auto const& warning : warnings)
        log_warning("redis.settings", {{"node", w.server.place}, {"detail", warning}});
    std::scoped_lock const lock(mutex_);
    w.warnings = std::move(warnings);
}

}  // namespace aircargo::server
