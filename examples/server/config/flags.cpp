#include "config/flags.hpp"
#include "print_config.hpp"
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <string>

namespace aircargo::server {
namespace {

void add_store_settings(CLI::App& cli, settings& s)
{
    cli.add_option("--store", s.store,
                   "memory:, sqlite:PATH or a URL of libpq, postgresql://USER@HOST/DATABASE; its "
                   "password is best left to the environment or to libpq's password file")
        ->envname("AIRCARGO_STORE")
        ->capture_default_str();
    cli.add_option("--store-connections", s.store_connections,
                   "Connections to PostgreSQL; 0 takes two a core")
        ->envname("AIRCARGO_STORE_CONNECTIONS")
        ->capture_default_str();
    cli.add_option("--store-list-url", s.store_list_url,
                   "A replica of PostgreSQL for lists, which are then as old as it lags behind")
        ->envname("AIRCARGO_STORE_LIST_URL");
    cli.add_flag("!--no-migrate", s.migrate, "Refuse a store with an old schema")
        ->default_str("true")
        ->envname("AIRCARGO_MIGRATE");
}

void add_sharing_settings(CLI::App& cli, settings& s)
{
    cli.add_option("--cache", s.cache,
                   "memory:, off, redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] or unix:///PATH; "
                   "memory: when it is not given, but off on PostgreSQL, where it is only for a "
                   "server that has the database to itself")
        ->envname("AIRCARGO_CACHE");
    cli.add_option("--lock", s.lock,
                   "local, off, postgresql (in the store), a URL of Redis (that of the cache: its "
                   "holds are the locks), or an "
                   "odd number of them with commas (Redlock)")
        ->envname("AIRCARGO_LOCK")
        ->capture_default_str();
    cli.add_option("--lock-ttl", s.lock_ttl_ms,
                   "Milliseconds after which the lock of a server that has stopped passes on; the "
                   "same for all servers")
        ->envname("AIRCARGO_LOCK_TTL")
        ->capture_default_str();
    cli.add_option(
           "--on-lock-unavailable", s.on_lock_unavailable,
           "What becomes of changes while the locks can not be reached: reject, or proceed, "
           "with which bookings are not cached")
        ->envname("AIRCARGO_ON_LOCK_UNAVAILABLE")
        ->capture_default_str();
}

void add_limits_settings(CLI::App& cli, limits_settings& s)
{
    cli.add_option("--rate-limit", s.rate_limit,
                   "Requests of an address that has not logged in: " + std::string(rate_limit_form))
        ->envname("AIRCARGO_RATE_LIMIT")
        ->capture_default_str();
    cli.add_option("--user-rate-limit", s.user_rate_limit,
                   "Requests of an account, from wherever; as --rate-limit when it is not given")
        ->envname("AIRCARGO_USER_RATE_LIMIT");
    cli.add_option(
           "--login-rate-limit", s.login_rate_limit,
           "Logins, registrations and changes of passwords of an address; of an account ten "
           "times as many")
        ->envname("AIRCARGO_LOGIN_RATE_LIMIT")
        ->capture_default_str();
    cli.add_option("--limiter", s.limiter,
                   "Where requests are counted: local (each server for itself) or a URL of Redis; "
                   "when it is not given, in that of the cache or else of the locks, if there is "
                   "one")
        ->envname("AIRCARGO_LIMITER");
    cli.add_option("--trusted-proxies", s.trusted_proxies,
                   "Addresses or networks, with commas, whose X-Forwarded-For is believed, and "
                   "that --max-connections-per-ip does not bind")
        ->envname("AIRCARGO_TRUSTED_PROXIES");
    cli.add_option("--cors-origins", s.cors_origins,
                   "Origins of pages, with commas, that browsers may let call this server")
        ->envname("AIRCARGO_CORS_ORIGINS");
}

void add_auth_settings(CLI::App& cli, auth_settings& s)
{
    cli.add_option("--auth", s.auth,
                   "required, or off: everybody may do everything, for a machine that nobody else "
                   "reaches")
        ->envname("AIRCARGO_AUTH")
        ->capture_default_str();
    cli.add_option("--hosts", s.hosts,
                   "Names, with commas, that requests may call this server by with --auth off, "
                   "besides localhost, 127.0.0.1 and [::1]")
        ->envname("AIRCARGO_HOSTS");
    cli.add_option(
           "--jwt-secret", s.jwt_secret,
           "Signs access tokens (HS256): 32 random bytes or more, the same for all servers; "
           "best left to the environment. Without one, and without --jwt-key-file, this "
           "server draws one that is gone when it ends")
        ->type_name(secret_type)
        ->envname("AIRCARGO_JWT_SECRET");
    cli.add_option("--jwt-key-file", s.jwt_key_file,
                   "Signs access tokens (EdDSA): a file with an Ed25519 key in PEM; --jwt-secret "
                   "beside it only verifies")
        ->envname("AIRCARGO_JWT_KEY_FILE");
    cli.add_option("--jwt-old-secret", s.jwt_old_secret,
                   "The secret of before: its tokens are still good")
        ->type_name(secret_type)
        ->envname("AIRCARGO_JWT_OLD_SECRET");
    cli.add_option("--jwt-old-key-file", s.jwt_old_key_file,
                   "The key of before, its public half is enough: its tokens are still good")
        ->envname("AIRCARGO_JWT_OLD_KEY_FILE");
    cli.add_option("--token-time", s.token_time_s, "Seconds that an access token is good for")
        ->envname("AIRCARGO_TOKEN_TIME")
        ->capture_default_str();
    cli.add_option("--refresh-time", s.refresh_time_s,
                   "Seconds after which who did not refresh has to log in again")
        ->envname("AIRCARGO_REFRESH_TIME")
        ->capture_default_str();
    // The library takes an empty variable for none, which would open the door that it was to close.
    char const* const given = std::getenv("AIRCARGO_REGISTRATION");
    if (given != nullptr && *given == '\0') s.registration.clear();
    cli.add_option("--registration", s.registration,
                   "What who registers becomes: agent or viewer; or off")
        ->envname("AIRCARGO_REGISTRATION")
        ->capture_default_str();
}

void add_operations_settings(CLI::App& cli, operations_settings& s)
{
    cli.add_option("--drain-grace", s.drain_grace_s,
                   "Seconds to go on serving after SIGTERM, with /readyz answering 503, before the "
                   "requests in hand are answered and the program ends")
        ->envname("AIRCARGO_DRAIN_GRACE")
        ->capture_default_str();
}

void add_tls_settings(CLI::App& cli, tls_settings& s)
{
    cli.add_option("--tls-cert", s.certificate,
                   "Serve HTTPS with this certificate: a PEM file, behind it those that it was "
                   "signed by; SIGHUP reads it anew")
        ->envname("AIRCARGO_TLS_CERT");
    cli.add_option("--tls-key", s.key, "The key of --tls-cert: a PEM file without a password")
        ->envname("AIRCARGO_TLS_KEY");
}

void add_live_settings(CLI::App& cli, live_settings& s)
{
    cli.add_option("--max-streams", s.max_streams, "Open streams of events in all")
        ->envname("AIRCARGO_MAX_STREAMS")
        ->capture_default_str();
    cli.add_option("--max-streams-per-caller", s.max_streams_per_caller,
                   "Open streams of events of one account, or of one address without a login")
        ->envname("AIRCARGO_MAX_STREAMS_PER_CALLER")
        ->capture_default_str();
    cli.add_option("--event-poll", s.event_poll_ms,
                   "Milliseconds between two looks for events of other servers, while somebody "
                   "listens")
        ->envname("AIRCARGO_EVENT_POLL")
        ->capture_default_str();
    cli.add_option("--event-heartbeat", s.event_heartbeat_s,
                   "Seconds without events after which a stream says that it lives")
        ->envname("AIRCARGO_EVENT_HEARTBEAT")
        ->capture_default_str();
    cli.add_option("--stream-time", s.stream_time_s,
                   "Seconds after which a stream of events ends, so that its client logs in anew "
                   "if it has to, and goes on behind the last event")
        ->envname("AIRCARGO_STREAM_TIME")
        ->capture_default_str();
}

void add_webhooks_settings(CLI::App& cli, webhooks_settings& s)
{
    cli.add_option("--webhook-networks", s.networks,
                   "Addresses or networks, with commas, that webhooks may lead into although they "
                   "are not public; http will do there")
        ->envname("AIRCARGO_WEBHOOK_NETWORKS");
    cli.add_option("--webhook-ca-file", s.ca_file,
                   "Certificates in PEM that receivers are checked with, instead of the system's")
        ->envname("AIRCARGO_WEBHOOK_CA_FILE");
    cli.add_option("--webhook-timeout", s.timeout_s, "Seconds for an attempt")
        ->envname("AIRCARGO_WEBHOOK_TIMEOUT")
        ->capture_default_str();
    cli.add_option("--webhook-parallel", s.most_of_one,
                   "Messages on their way to one webhook at a time")
        ->envname("AIRCARGO_WEBHOOK_PARALLEL")
        ->capture_default_str();
    cli.add_option("--webhook-retry-first", s.retry_first_s,
                   "Seconds after which a message is sent a second time; then it doubles")
        ->envname("AIRCARGO_WEBHOOK_RETRY_FIRST")
        ->capture_default_str();
    cli.add_option("--webhook-retry-longest", s.retry_longest_s,
                   "Seconds between two attempts at most")
        ->envname("AIRCARGO_WEBHOOK_RETRY_LONGEST")
        ->capture_default_str();
    cli.add_option("--webhook-give-up", s.give_up_s,
                   "Seconds after which a message that does not arrive is given up")
        ->envname("AIRCARGO_WEBHOOK_GIVE_UP")
        ->capture_default_str();
    cli.add_option("--webhook-keep-dead", s.keep_dead_s,
                   "Seconds for which a message that was given up can be sent again")
        ->envname("AIRCARGO_WEBHOOK_KEEP_DEAD")
        ->capture_default_str();
    cli.add_option("--max-webhooks", s.max_webhooks, "How many webhooks there may be")
        ->envname("AIRCARGO_MAX_WEBHOOKS")
        ->capture_default_str();
}

void add_page_settings(CLI::App& cli, page_settings& s)
{
    cli.add_option("--page", s.folder,
                   "Serve the web page too: the folder that building it made, read at the start")
        ->envname("AIRCARGO_PAGE");
    cli.add_flag("--behind-https", s.behind_https,
                 "A proxy makes HTTPS of this server: browsers keep its cookies for HTTPS alone")
        ->default_str("false")
        ->envname("AIRCARGO_BEHIND_HTTPS");
}

/// The library takes -1 for the largest number there is.
void refuse_negative_numbers(CLI::App& cli)
{
    CLI::Validator const not_negative(
        [](std::string const& text) {
            return text.starts_with('-') ? "a number of 0 or more is needed" : std::string();
        },
        "");
    for (auto* const option : cli.get_options())
        if (option->get_type_name() == "UINT") option->check(not_negative);
}

}  // namespace

void add_settings(CLI::App& cli, settings& s)
{
    cli.add_option("--listen", s.listen, "Address and port; port 0 takes any free one")
        ->envname("AIRCARGO_LISTEN")
        ->capture_default_str();
    add_store_settings(cli, s);
    add_sharing_settings(cli, s);
    add_limits_settings(cli, s.limits);
    add_auth_settings(cli, s.auth);
    add_operations_settings(cli, s.operations);
    add_tls_settings(cli, s.tls);
    add_live_settings(cli, s.live);
    add_webhooks_settings(cli, s.webhooks);
    add_page_settings(cli, s.page);
    cli.add_option("--log-level", s.log_level, "debug, info, warn, error or off")
        ->envname("AIRCARGO_LOG_LEVEL")
        ->capture_default_str();
    cli.add_option("--threads", s.threads, "Threads that serve; 0 takes one a core")
        ->envname("AIRCARGO_THREADS")
        ->capture_default_str();
    cli.add_option("--max-connections", s.max_connections, "Open connections in all")
        ->envname("AIRCARGO_MAX_CONNECTIONS")
        ->capture_default_str();
    cli.add_option("--max-connections-per-ip", s.max_connections_per_ip,
                   "Open connections of one address, or of one network of IPv6 (64 bits)")
        ->envname("AIRCARGO_MAX_CONNECTIONS_PER_IP")
        ->capture_default_str();
    cli.add_option("--header-time", s.header_time_s, "Seconds for a request's header to arrive")
        ->envname("AIRCARGO_HEADER_TIME")
        ->capture_default_str();
    cli.add_option("--idle-time", s.idle_time_s,
                   "Seconds that a connection may be silent between two requests, longer than "
                   "those of a proxy in front of the server; reading an answer may take as long, "
                   "and a second more a KiB")
        ->envname("AIRCARGO_IDLE_TIME")
        ->capture_default_str();
    cli.add_flag("--demo-schedule", s.demo_schedule, "Keep four weeks of demo flights in the store")
        ->default_str("false")
        ->envname("AIRCARGO_DEMO_SCHEDULE");
    refuse_negative_numbers(cli);
}

}  // namespace aircargo::server
