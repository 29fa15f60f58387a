#include "postgres/schedule_watch.hpp"
#include "postgres/old_keys.hpp"
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <string>

namespace aircargo::detail {
namespace {

constexpr std::chrono::milliseconds shortest_pause(50);
constexpr std::chrono::milliseconds longest_pause(1000);
/// A connection that died silently is noticed when it is written to.
constexpr std::chrono::milliseconds ask_again_after(30'000);
constexpr std::chrono::minutes tidy_up_every(1);

[[nodiscard]] std::optional<std::uint64_t> ask(pg_connection& connection)
{
    auto const version = connection.run(ask_schedule_version);
    if (version.has_error() || version->size() != 1) return std::nullopt;
    return static_cast<std::uint64_t>(version->integer(0, 0));
}

}  // namespace

schedule_watch::schedule_watch(pg_target target)
    : target_(std::move(target)), wake_(eventfd(0, EFD_CLOEXEC))
{
    thread_ = std::thread([this] { listen_until_stopped(); });
}

schedule_watch::~schedule_watch()
{
    (void)eventfd_write(wake_, 1);
    thread_.join();
    close(wake_);
}

std::optional<std::uint64_t> schedule_watch::version() const noexcept
{
    if (!hears_) return std::nullopt;
    return version_.load();
}

void schedule_watch::note(std::uint64_t version) noexcept
{
    auto known = version_.load();
    while (known < version && !version_.compare_exchange_weak(known, version)) {
    }
}

bool schedule_watch::wait_or_stop(std::chrono::milliseconds most) const
{
    pollfd stop{wake_, POLLIN, 0};
    // A signal to this process cuts the wait short, and stops nothing.
    return poll(&stop, 1, static_cast<int>(most.count())) <= 0;
}

void schedule_watch::listen_until_stopped()
{
    auto pause = shortest_pause;
    do {
        auto connection = pg_connection::open(target_);
        if (connection.has_value()) {
            listen(**connection);
            hears_ = false;
            pause = shortest_pause;
        } else {
            pause = std::min(2 * pause, longest_pause);
        }
    } while (wait_or_stop(pause));
}

/// Listens before it asks, so that no change falls between the two.
void schedule_watch::listen(pg_connection& connection)
{
    // Its name tells an administrator what it is there for.
    auto const begun = connection.execute(
        std::string("SELECT set_config('application_name', current_setting('application_name')"
                    " || ' (listens)', false); LISTEN ") +
        channel);
    if (begun.has_error()) return;
    do {
        auto const present = ask(connection);
        if (!present) return;
        note(*present);
        hears_ = true;
        bool const more = tidy_up(connection);
        if (!connection.usable()) return;
        auto const heard = connection.wait_for_notifications(
            wake_, more ? std::chrono::milliseconds(0) : ask_again_after);
        if (!heard) return;
        for (auto const& payload : *heard) {
            std::uint64_t version = 0;
            (void)std::from_chars(payload.data(), payload.data() + payload.size(), version);
            note(version);
        }
    } while (wait_or_stop(std::chrono::milliseconds(0)));
}

/// \return whether there is more to be done at once
bool schedule_watch::tidy_up(pg_connection& connection)
{
    auto const now = std::chrono::steady_clock::now();
    if (now < next_tidying_) return false;
    bool const more = remove_old_keys(connection);
    if (!more) next_tidying_ = now + tidy_up_every;
    return more;
}

}  // namespace aircargo::detail
