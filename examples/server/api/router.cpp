#include "api/router.hpp"
#include "api/handlers.hpp"
#include "api/openapi/operations.hpp"
#include <algorithm>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

// clang-format off
constexpr std::array routes{
    route{"POST",   "/api/v1/bookings",                   role::agent,  create_booking,  docs::create_booking},
    route{"GET",    "/api/v1/bookings",                   role::viewer, list_bookings,   docs::list_bookings},
    route{"GET",    "/api/v1/bookings/{ref_id}",          role::viewer, get_booking,     docs::get_booking},
    route{"DELETE", "/api/v1/bookings/{ref_id}",          role::agent,  cancel_booking,  docs::cancel_booking},
    route{"GET",    "/api/v1/bookings/{ref_id}/history",  role::viewer, get_history,     docs::get_history},
    route{"POST",   "/api/v1/bookings/{ref_id}/depart",   role::agent,  depart_booking,  docs::depart_booking},
    route{"POST",   "/api/v1/bookings/{ref_id}/arrive",   role::agent,  arrive_booking,  docs::arrive_booking},
    route{"POST",   "/api/v1/bookings/{ref_id}/deliver",  role::agent,  deliver_booking, docs::deliver_booking},
    route{"POST",   "/api/v1/bookings/batch",             role::agent,  create_bookings, docs::create_bookings, counting::by_entries},
    route{"POST",   "/api/v1/bookings/batch/status",      role::agent,  change_bookings, docs::change_bookings, counting::by_entries},
    route{"GET",    "/api/v1/bookings/{ref_id}/events",   role::viewer, stream_booking_events, docs::stream_booking_events},
    route{"GET",    "/api/v1/events",                     role::viewer, stream_events,   docs::stream_events},
    route{"POST",   "/api/v1/webhooks",                   role::admin,  create_webhook,  docs::create_webhook},
    route{"GET",    "/api/v1/webhooks",                   role::admin,  list_webhooks,   docs::list_webhooks},
    route{"GET",    "/api/v1/webhooks/{hook_id}",         role::admin,  get_webhook,     docs::get_webhook},
    route{"PATCH",  "/api/v1/webhooks/{hook_id}",         role::admin,  change_webhook,  docs::change_webhook},
    route{"DELETE", "/api/v1/webhooks/{hook_id}",         role::admin,  remove_webhook,  docs::remove_webhook},
    route{"POST",   "/api/v1/webhooks/{hook_id}/test",    role::admin,  test_webhook,    docs::test_webhook},
    route{"GET",    "/api/v1/webhooks/{hook_id}/deliveries", role::admin, list_deliveries, docs::list_deliveries},
    route{"POST",   "/api/v1/webhooks/{hook_id}/redeliver", role::admin, redeliver_events, docs::redeliver_events},
    route{"POST",   "/api/v1/routes/search",              role::anyone, search_routes,   docs::search_routes},
    route{"GET",    "/api/v1/routes",                     role::anyone, get_routes,      docs::get_routes},
    route{"GET",    "/api/v1/airports",                   role::anyone, list_airports,   docs::list_airports, counting::of_page},
    route{"GET",    "/api/v1/flights",                    role::viewer, list_flights,    docs::list_flights},
    route{"POST",   "/api/v1/flights/import",             role::admin,  import_flights,  docs::import_flights},
    route{"GET",    "/api/v1/flights/{id}",               role::viewer, get_flight,      docs::get_flight},
    route{"GET",    "/api/v1/analytics",                  role::viewer, get_analytics,   docs::get_analytics},
    route{"POST",   "/api/v1/auth/register",              role::anyone, register_account, docs::register_account, counting::as_login},
    route{"POST",   "/api/v1/auth/login",                 role::anyone, log_in,          docs::log_in, counting::as_login},
    route{"POST",   "/api/v1/auth/refresh",               role::anyone, refresh_session, docs::refresh_session},
    route{"POST",   "/api/v1/auth/logout",                role::anyone, log_out,         docs::log_out},
    route{"POST",   "/api/v1/auth/session",               role::anyone, begin_session,   docs::begin_session, counting::as_login},
    route{"GET",    "/api/v1/auth/session",               role::viewer, get_session,     docs::get_session},
    route{"DELETE", "/api/v1/auth/session",               role::anyone, end_session,     docs::end_session},
    route{"POST",   "/api/v1/auth/session/refresh",       role::anyone, renew_session,   docs::renew_session},
    route{"GET",    "/api/v1/auth/me",                    role::viewer, get_me,          docs::get_me},
    route{"POST",   "/api/v1/auth/password",              role::viewer, change_password, docs::change_password, counting::as_login, credentials::of_login},
    route{"POST",   "/api/v1/api-keys",                   role::viewer, create_api_key,  docs::create_api_key, counting::by_caller, credentials::of_login},
    route{"GET",    "/api/v1/api-keys",                   role::viewer, list_api_keys,   docs::list_api_keys},
    route{"DELETE", "/api/v1/api-keys/{key_id}",          role::viewer, revoke_api_key,  docs::revoke_api_key},
    route{"GET",    "/api/v1/users",                      role::admin,  list_users,      docs::list_users},
    route{"PATCH",  "/api/v1/users/{name}",               role::admin,  change_user,     docs::change_user},
    route{"GET",    "/openapi.json",                      role::anyone, get_openapi,     docs::get_openapi},
    route{"GET",    "/docs",                              role::anyone, get_docs,        docs::get_docs},
    route{"GET",    "/docs/{version}/{file}",             role::anyone, get_docs_file,   docs::get_docs_file},
    route{"GET",    "/health",                            role::anyone, health,          docs::health, counting::never},
    route{"GET",    "/health/detailed",                   role::anyone, health_detailed, docs::health_detailed, counting::never},
    route{"GET",    "/livez",                             role::anyone, livez,           docs::livez, counting::never},
    route{"GET",    "/readyz",                            role::anyone, readyz,          docs::readyz, counting::never},
    route{"GET",    "/metrics",                           role::anyone, metrics,         docs::metrics, counting::never},
};
// clang-format on

[[nodiscard]] taken_by_route take_of(route const& r)
{
    auto const described = r.describe();
    taken_by_route t;
    if (described.body) t.body = described.body->content_type;
    for (auto const& p : described.query) t.query.push_back(p.name);
    return t;
}

/// One a row, kept so that no request has to make it.
[[nodiscard]] std::array<taken_by_route, routes.size()> const& all_taken()
{
    static auto const all = [] {
        std::array<taken_by_route, routes.size()> made;
        std::transform(routes.begin(), routes.end(), made.begin(), take_of);
        return made;
    }();
    return all;
}

/// Takes the first segment, with the slash before it, off the path.
[[nodiscard]] std::string_view next_segment(std::string_view& path)
{
    path.remove_prefix(1);
    auto const segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

[[nodiscard]] bool matches(std::string_view pattern, std::string_view path,
                           path_arguments& arguments)
{
    std::size_t found = 0;
    while (!pattern.empty() && !path.empty()) {
        auto const wanted = next_segment(pattern);
        auto const segment = next_segment(path);
        if (wanted.starts_with('{')) {
            if (segment.empty()) return false;
            arguments[found++] = segment;
        } else if (wanted != segment) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

[[nodiscard]] std::string_view method_of(request const& r)
{
    return r.method == "HEAD" ? std::string_view("GET") : r.method;
}

}  // namespace

std::span<route const> all_routes() noexcept { return routes; }

std::size_t number_of(route const& row)
{
    return static_cast<std::size_t>(&row - routes.data()) + 1;
}

std::size_t number_of_page() noexcept { return routes.size() + 1; }

/// Requests that no route took have one name, so that nobody can make up series by making up paths.
numbered_route route_of_number(std::size_t number)
{
    if (number == 0) return {"any", "unmatched"};
    if (number == number_of_page()) return {"GET", page_path};
    return {routes[number - 1].method, routes[number - 1].path};
}

bool is_near_a_route(std::string_view path)
{
    auto const first = next_segment(path);
    return std::any_of(routes.begin(), routes.end(), [&](auto const& row) {
        auto rest = row.path;
        return next_segment(rest) == first;
    });
}

taken_by_route const& taken_by(route const& row)
{
    return all_taken()[static_cast<std::size_t>(&row - routes.data())];
}

found_route find_route(request const& r)
{
    // A path that stands in the table as it is belongs to no row with braces.
    bool const known = std::any_of(routes.begin(), routes.end(),
                                   [&](auto const& row) { return row.path == r.path; });
    found_route found;
    for (auto const& row : routes) {
        path_arguments arguments;
        if (known ? row.path != r.path : !matches(row.path, r.path, arguments)) continue;
        if (row.method == method_of(r)) return {&row, arguments, {}};
        found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(row.method);
        if (row.method == "GET") found.allowed += ", HEAD";
    }
    return found;
}

}  // namespace aircargo::server
