#include "observe/process.hpp"
#include <sys/resource.h>
#include <unistd.h>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace aircargo::server {
namespace {

/// The fields of /proc/self/stat behind the program's name, which may hold anything.
[[nodiscard]] std::vector<std::string> stat_fields()
{
    std::ifstream file("/proc/self/stat");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    std::istringstream rest(text.substr(text.rfind(')') + 1));
    return {std::istream_iterator<std::string>(rest), {}};
}

/// When the system started, in seconds since 1970. /proc/stat says so too, but is hidden from a
/// program that may see only its own processes.
[[nodiscard]] double boot_time()
{
    auto const now = [](clockid_t clock) {
        timespec t{};
        ::clock_gettime(clock, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    return now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME);
}

[[nodiscard]] std::uint64_t open_files()
{
    std::error_code failed;
    std::filesystem::directory_iterator const files("/proc/self/fd", failed);
    if (failed) return 0;
    auto const seen = std::distance(begin(files), end(files));
    return static_cast<std::uint64_t>(seen - 1);  // without the one that looks
}

}  // namespace

std::optional<process_state> look_at_process()
{
    // proc(5) counts from 1; the first field here is its third.
    enum field : std::size_t {
        user_ticks = 14 - 3,
        system_ticks = 15 - 3,
        thread_count = 20 - 3,
        start_ticks = 22 - 3,
        virtual_size = 23 - 3,
        resident_pages = 24 - 3
    };
    auto const stat = stat_fields();
    if (stat.size() <= resident_pages) return std::nullopt;
    auto const number = [&](field f) { return std::stoull(stat[f]); };
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));

    process_state s;
    s.cpu_seconds = static_cast<double>(number(user_ticks) + number(system_ticks)) / ticks;
    s.resident_bytes = number(resident_pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    s.virtual_bytes = number(virtual_size);
    s.threads = number(thread_count);
    s.open_files = open_files();
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) s.most_files = limit.rlim_cur;
    static double const booted = boot_time();  // a clock that is set would move the start
    s.started = booted + static_cast<double>(number(start_ticks)) / ticks;
    return s;
}

}  // namespace aircargo::server
