#include "config/config.hpp"
#include "backends/stores.hpp"
#include "config/setting_errors.hpp"
#include "config/sharing.hpp"
#include "observe/cores.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace aircargo::server {
namespace {

using name_and_level = std::pair<std::string_view, log_level>;
constexpr std::array<name_and_level, 5> levels{{{"debug", log_level::debug},
                                                {"info", log_level::info},
                                                {"warn", log_level::warn},
                                                {"error", log_level::error},
                                                {"off", log_level::off}}};

/// `127.0.0.1:8080` or `[::1]:8080`; whether the address is one, the socket says.
[[nodiscard]] result<void> read_listen(std::string const& text, config& c)
{
    auto const refused = bad_setting(
        "--listen (AIRCARGO_LISTEN)", text,
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

/// Where the address of a URL begins; nothing when it is of another kind of store.
[[nodiscard]] std::optional<std::size_t> behind_postgres_scheme(std::string_view text)
{
    for (std::string_view scheme : {"postgresql://", "postgres://"})
        if (text.starts_with(scheme)) return scheme.size();
    return std::nullopt;
}

/// libpq takes the first '@' or '/' for the end of the password. What it then takes for the host is
/// the rest of the password, and it tells the name of a host that it can not find.
[[nodiscard]] bool password_is_encoded(std::string_view url)
{
    auto const address = url.substr(*behind_postgres_scheme(url));
    auto const at = address.find('@');
    if (at == address.npos) return true;
    if (address.find('/') < at) return address.find('?') < at;  // of a parameter
    auto const place = address.substr(at + 1);
    return place.substr(0, place.find('?')).find('@') == place.npos;
}

[[nodiscard]] result<void> check_postgres(std::string_view setting, std::string const& text)
{
    if (!behind_postgres_scheme(text)) {
        return bad_setting(setting, scheme_of(text), "postgresql://USER@HOST/DATABASE");
    }
    if (!password_is_encoded(text)) {
        return refuse(
            errc::invalid_request,
            std::string(setting) + R"( has a user or password with '@' or '/': write %40 and %2F)");
    }
    auto const checked = check_store_url(text);
    if (checked) return {};
    return refuse(errc::invalid_request,
                  std::string(setting) + " can not be used: " + checked.error().detail);
}

[[nodiscard]] result<void> read_store(std::string const& text, config& c)
{
    constexpr std::string_view setting = "--store (AIRCARGO_STORE)";
    constexpr std::string_view sqlite = "sqlite:";
    if (text == "memory:") {
        c.store = store_kind::memory;
        return {};
    }
    if (text.starts_with(sqlite) && text.size() > sqlite.size()) {
        c.store = store_kind::sqlite;
        c.sqlite_path = text.substr(sqlite.size());
        return {};
    }
    if (behind_postgres_scheme(text)) {
        c.store = store_kind::postgres;
        c.postgres_url = text;
        return check_postgres(setting, text);
    }
    return bad_setting(setting, scheme_of(text),
                       "memory:, sqlite:PATH or postgresql://USER@HOST/DATABASE");
}

/// \pre the store is read
[[nodiscard]] result<void> read_postgres_settings(settings const& given, config& c)
{
    constexpr std::string_view list_url = "--store-list-url (AIRCARGO_STORE_LIST_URL)";
    constexpr std::string_view connections = "--store-connections (AIRCARGO_STORE_CONNECTIONS)";
    constexpr std::size_t most_connections = 1'000;
    auto const of_postgres_only = [](std::string_view setting) {
        return refuse(errc::invalid_request,
                      std::string(setting) + " is for a store in PostgreSQL only");
    };
    c.store_connections = given.store_connections;
    c.postgres_list_url = given.store_list_url;
    if (given.store_connections > most_connections) {
        return bad_setting(connections, std::to_string(given.store_connections),
                           "1 to 1000, or 0 for two a core");
    }
    if (c.store != store_kind::postgres) {
        if (given.store_connections > 0) return of_postgres_only(connections);
        if (!given.store_list_url.empty()) return of_postgres_only(list_url);
        return {};
    }
    if (given.store_list_url.empty()) return {};
    return check_postgres(list_url, given.store_list_url);
}

[[nodiscard]] result<void> read_level(std::string const& text, config& c)
{
    auto const* const found =
        std::find_if(levels.begin(), levels.end(), [&](auto const& l) { return l.first == text; });
    if (found == levels.end()) {
        return bad_setting("--log-level (AIRCARGO_LOG_LEVEL)", text,
                           "debug, info, warn, error or off");
    }
    c.level = found->second;
    return {};
}

/// A Redis that is there anyway; empty when there is none.
[[nodiscard]] std::string a_redis_of(config const& c)
{
    if (!c.cache_url.empty() || c.lock_urls.empty()) return c.cache_url;
    return c.lock_urls.front();
}

}  // namespace

std::string_view name_of(store_kind kind) noexcept
{
    switch (kind) {
        case store_kind::memory: return "memory";
        case store_kind::sqlite: return "sqlite";
        case store_kind::postgres: return "postgres";
    }
    return "unknown";
}

result<config> read_config(settings const& given)
{
    constexpr unsigned most_threads = 256;
    config c{};
    if (auto read = read_listen(given.listen, c); !read) return read.error();
    if (auto read = read_store(given.store, c); !read) return read.error();
    if (auto read = read_postgres_settings(given, c); !read) return read.error();
    if (auto read = read_sharing(given, c); !read) return read.error();
    auto limits = read_limits(given.limits, a_redis_of(c));
    if (!limits) return limits.error();
    c.limits = *std::move(limits);
    auto auth = read_auth(given.auth);
    if (!auth) return auth.error();
    c.auth = *std::move(auth);
    auto operations = read_operations(given.operations);
    if (!operations) return operations.error();
    c.operations = *operations;
    auto live = read_live(given.live);
    if (!live) return live.error();
    c.live = *live;
    auto tls = read_tls(given.tls);
    if (!tls) return tls.error();
    c.tls = *std::move(tls);
    auto webhooks = read_webhooks(given.webhooks);
    if (!webhooks) return webhooks.error();
    c.webhooks = *std::move(webhooks);
    c.page = {.folder = given.page.folder, .https = c.tls.has_value() || given.page.behind_https};
    if (auto read = read_level(given.log_level, c); !read) return read.error();
    if (given.threads > most_threads) {
        return bad_setting("--threads (AIRCARGO_THREADS)", std::to_string(given.threads),
                           "1 to 256, or 0 for one a core");
    }
    c.threads = given.threads > 0 ? given.threads : usable_cores();
    if (given.max_connections == 0)
        return bad_setting("--max-connections (AIRCARGO_MAX_CONNECTIONS)", "0", "1 or more");
    if (given.max_connections_per_ip == 0) {
        return bad_setting("--max-connections-per-ip (AIRCARGO_MAX_CONNECTIONS_PER_IP)", "0",
                           "1 or more");
    }
    c.max_connections = given.max_connections;
    c.max_connections_per_ip = given.max_connections_per_ip;
    constexpr unsigned hour = 3600;
    if (given.header_time_s < 1 || given.header_time_s > hour) {
        return bad_setting("--header-time (AIRCARGO_HEADER_TIME)",
                           std::to_string(given.header_time_s), "1 to 3600 seconds");
    }
    c.header_time = std::chrono::seconds(given.header_time_s);
    if (given.idle_time_s < 1 || given.idle_time_s > hour) {
        return bad_setting("--idle-time (AIRCARGO_IDLE_TIME)", std::to_string(given.idle_time_s),
                           "1 to 3600 seconds");
    }
    c.idle_time = std::chrono::seconds(given.idle_time_s);
    c.demo_schedule = given.demo_schedule;
    c.migrate = given.migrate;
    return c;
}

}  // namespace aircargo::server
