#include "config.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <thread>
#include <utility>

namespace aircargo::server {
namespace {

using name_and_level = std::pair<std::string_view, log_level>;
constexpr std::array<name_and_level, 5> levels{{{"debug", log_level::debug},
                                                {"info", log_level::info},
                                                {"warn", log_level::warn},
                                                {"error", log_level::error},
                                                {"off", log_level::off}}};

[[nodiscard]] error bad(std::string_view setting, std::string const& value, std::string_view wanted)
{
    return refuse(errc::invalid_request,
                  std::string(setting) + " is '" + value + "', but must be " + std::string(wanted));
}

/// `127.0.0.1:8080` or `[::1]:8080`; whether the address is one, the socket says.
[[nodiscard]] result<void> read_listen(std::string const& text, config& c)
{
    auto const refused =
        bad("--listen (AIRCARGO_LISTEN)", text,
            "ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080; port 0 takes any free one");
    auto const colon = text.rfind(':');
    if (colon == text.npos || colon == 0) return refused;
    auto const port = std::string_view(text).substr(colon + 1);
    auto const [end, failed] = std::from_chars(port.data(), port.data() + port.size(), c.port);
    if (failed != std::errc() || end != port.data() + port.size()) return refused;

    c.address = text.substr(0, colon);
    bool const bracketed = c.address.front() == '[' && c.address.back() == ']';
    if (bracketed) c.address = c.address.substr(1, c.address.size() - 2);
    if (bracketed != (c.address.find(':') != c.address.npos)) return refused;
    if (c.address == "localhost") c.address = "127.0.0.1";
    return {};
}

[[nodiscard]] result<void> read_store(std::string const& text, config& c)
{
    constexpr std::string_view sqlite = "sqlite:";
    c.store = store_kind::memory;
    if (text == "memory:") return {};
    c.store = store_kind::sqlite;
    if (text.starts_with(sqlite) && text.size() > sqlite.size()) {
        c.sqlite_path = text.substr(sqlite.size());
        return {};
    }
    return bad("--store (AIRCARGO_STORE)", text.substr(0, text.find(':')),
               "memory: or sqlite:PATH");
}

[[nodiscard]] result<void> read_switch(std::string_view setting, std::string const& text,
                                       std::string_view on, bool& value)
{
    value = text == on;
    if (value || text == "off") return {};
    return bad(setting, text, std::string(on) + " or off");
}

[[nodiscard]] result<void> read_level(std::string const& text, config& c)
{
    auto const* const found =
        std::find_if(levels.begin(), levels.end(), [&](auto const& l) { return l.first == text; });
    if (found == levels.end()) {
        return bad("--log-level (AIRCARGO_LOG_LEVEL)", text, "debug, info, warn, error or off");
    }
    c.level = found->second;
    return {};
}

}  // namespace

result<config> read_config(settings const& given)
{
    constexpr unsigned most_threads = 256;
    config c{};
    if (auto read = read_listen(given.listen, c); !read) return read.error();
    if (auto read = read_store(given.store, c); !read) return read.error();
    if (auto read = read_switch("--cache (AIRCARGO_CACHE)", given.cache, "memory:", c.cache);
        !read) {
        return read.error();
    }
    if (auto read = read_switch("--lock (AIRCARGO_LOCK)", given.lock, "local", c.locks); !read) {
        return read.error();
    }
    if (auto read = read_level(given.log_level, c); !read) return read.error();
    if (given.threads > most_threads) {
        return bad("--threads (AIRCARGO_THREADS)", std::to_string(given.threads),
                   "1 to 256, or 0 for one a core");
    }
    c.threads =
        given.threads > 0 ? given.threads : std::max(1U, std::thread::hardware_concurrency());
    c.max_connections = given.max_connections;
    c.max_connections_per_ip = given.max_connections_per_ip;
    constexpr unsigned hour = 3600;
    if (given.header_time_s < 1 || given.header_time_s > hour) {
        return bad("--header-time (AIRCARGO_HEADER_TIME)", std::to_string(given.header_time_s),
                   "1 to 3600 seconds");
    }
    c.header_time = std::chrono::seconds(given.header_time_s);
    c.demo_schedule = given.demo_schedule;
    return c;
}

}  // namespace aircargo::server
