#include "commands.hpp"
#include "api/json_writer.hpp"
#include "api/openapi/document.hpp"
#include "api/pipeline.hpp"
#include "api/router.hpp"
#include "app.hpp"
#include "backends/existing_stores.hpp"
#include "config/safety.hpp"
#include "http/server.hpp"
#include "observe/service_manager.hpp"
#include "welcome.hpp"
#include <aircargo/service/flight_import.hpp>
#include <aircargo/service/verify.hpp>
#include <aircargo/world/airport_table.hpp>
#include <chrono>
#include <iostream>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] int fail(error const& e)
{
    std::cerr << "aircargo-server: " << e.detail << '\n';
    return 1;
}

[[nodiscard]] http_options http_options_of(config const& c)
{
    http_options o;
    o.address = c.address;
    o.port = c.port;
    o.threads = c.threads;
    o.max_connections = c.max_connections;
    o.max_connections_per_ip = c.max_connections_per_ip;
    o.proxies = c.limits.trusted_proxies;
    o.header_time = c.header_time;
    o.idle_time = c.idle_time;
    o.drain_grace = c.operations.drain_grace;
    o.tls = c.tls;
    return o;
}

}  // namespace

int serve(config const& c)
{
    log_session const log(c.level);
    if (auto const checked = check_safety(c); !checked) return fail(checked.error());
    // The server goes last: the desk answers into its event loops.
    auto server = http_server::listen(http_options_of(c));
    if (!server) return fail(server.error());
    auto opened = app::open(c, **server);
    if (!opened) return fail(opened.error());
    auto& a = **opened;

    auto const port = (*server)->port();
    auto const started = [&] {
        welcome(c, port, a.routes().snapshot()->size());
        log_info("server.started", {{"version", AIRCARGO_VERSION}, {"port", std::to_string(port)}});
        tell_service_manager("READY=1");
    };
    (*server)->run([&a](request& r, exchange_ptr x) { dispatch(a, r, std::move(x)); }, started);
    opened->reset();
    log_info("server.stopped");
    return 0;
}

int import_flights_from(config const& c, std::string const& file, bool strict)
{
    auto opened = open_existing_stores(c, old_schema_of(c));
    if (!opened) return fail(opened.error());

    import_options options;
    options.strict = strict;
    options.airports = find_airport;
    options.progress = [](std::size_t lines) {
        std::cerr << "read " << lines << " lines\r" << std::flush;
    };
    auto const started = std::chrono::steady_clock::now();
    auto const report = import_flights(file, *opened->flights, options);
    std::cerr << '\n';
    if (!report) return fail(report.error());

    for (auto const& bad : report->bad_lines)
        std::cerr << file << ':' << bad.line << ": " << bad.reason << '\n';
    if (report->bad > report->bad_lines.size()) {
        std::cerr << "and " << report->bad - report->bad_lines.size() << " more bad lines\n";
    }
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - started);
    std::cout << report->lines << " lines read, " << report->imported << " flights imported, "
              << report->bad << " bad lines, "
              << std::chrono::floor<std::chrono::milliseconds>(took).count() << " ms\n";
    if (strict && report->bad > 0) std::cout << "nothing was imported, since --strict was given\n";
    return strict && report->bad > 0 ? 1 : 0;
}

int migrate(config const& c, std::string const& role)
{
    auto const opened = open_stores(c, old_schema::migrate);
    if (!opened) return fail(opened.error());
    if (opened->schema_version) {
        std::cout << "the schema is at version " << *opened->schema_version << '\n';
    } else {
        std::cout << "this store has no schema\n";
    }
    if (role.empty()) return 0;
    if (!opened->grant) return fail(refuse(errc::invalid_request, "this store has no roles"));
    if (auto const granted = opened->grant(role); !granted) return fail(granted.error());
    std::cout << "granted to " << role << ": reading, adding, and changing all but events\n";
    return 0;
}

int verify_store(config const& c)
{
    auto const opened = open_existing_stores(c, old_schema::refuse);
    if (!opened) return fail(opened.error());
    auto const report = verify(*opened->bookings);
    if (!report) return fail(report.error());
    for (auto const& d : report->differences) std::cout << d.ref.str() << ": " << d.what << '\n';
    std::cout << report->bookings << " bookings, " << report->events << " events, "
              << report->differences.size() << " differences\n";
    return report->differences.empty() ? 0 : 1;
}

int print_routes()
{
    for (auto const& r : all_routes()) {
        std::string line;
        json_writer(line)
            .begin_object()
            .member("method", r.method)
            .member("path", r.path)
            .member("role", name_of(r.needs))
            .end_object();
        std::cout << line << '\n';
    }
    return 0;
}

int print_openapi()
{
    constexpr int indent = 2;
    std::cout << docs::openapi_document().dump(indent) << '\n';
    return 0;
}

}  // namespace aircargo::server
