#include "api/router.hpp"
#include "api/handlers.hpp"
#include "api/openapi/operations.hpp"
#include "api/problem.hpp"
#include <algorithm>
#include <optional>
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
    route{"POST",   "/api/v1/routes/search",              role::anyone, search_routes,   docs::search_routes},
    route{"GET",    "/openapi.json",                      role::anyone, get_openapi,     docs::get_openapi},
    route{"GET",    "/health",                            role::anyone, health,          docs::health},
    route{"GET",    "/health/detailed",                   role::anyone, health_detailed, docs::health_detailed},
};
// clang-format on

/// What a row's description lets a request carry, kept so that no request has to make it.
struct taken {
    std::vector<std::string_view> query;
    bool body;
};

[[nodiscard]] taken taken_by(route const& r)
{
    auto const described = r.describe();
    taken t{.query = {}, .body = described.body.has_value()};
    for (auto const& p : described.query) t.query.push_back(p.name);
    return t;
}

/// One a row.
[[nodiscard]] std::array<taken, routes.size()> const& all_taken()
{
    static auto const all = [] {
        std::array<taken, routes.size()> made;
        std::transform(routes.begin(), routes.end(), made.begin(), taken_by);
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

/// Whether the caller may use the route: the place where logins and limits will be checked.
[[nodiscard]] std::optional<problem> authorize(route const&, request const&)
{
    return std::nullopt;
}

[[nodiscard]] std::optional<problem> check_query(taken const& by_route, request const& r)
{
    field_errors errors;
    for (std::size_t i = 0; i < r.query.size(); ++i) {
        auto const& name = r.query[i].name;
        auto const same = [&](auto const& p) { return p.name == name; };
        auto const before = r.query.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(by_route.query.begin(), by_route.query.end(), name) == by_route.query.end()) {
            errors.add(name.substr(0, 64), "is not a parameter of this route");
        } else if (std::any_of(r.query.begin(), before, same)) {
            errors.add(name, "is given twice");
        }
    }
    return errors.empty() ? std::nullopt : std::optional(to_problem(errors));
}

[[nodiscard]] std::optional<problem> check_body(taken const& by_route, request const& r)
{
    if (r.body.empty()) return std::nullopt;
    if (!by_route.body) {
        return problem{.status = 400, .code = "bad_request", .detail = "this route takes no body"};
    }
    auto type = r.header("Content-Type").value_or("");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
    bool const plain =
        r.header_count("Content-Encoding") == 0 && r.header_count("Content-Type") == 1;
    if (plain && equal_without_case(type, "application/json")) return std::nullopt;
    return problem{.status = 415,
                   .code = "unsupported_media_type",
                   .detail = "send the body as application/json, not compressed"};
}

/// Why the request does not come through to the row's handler.
[[nodiscard]] std::optional<problem> check(route const& to, request const& r)
{
    auto const& by_route = all_taken()[static_cast<std::size_t>(&to - routes.data())];
    if (auto refused = authorize(to, r)) return refused;
    if (auto refused = check_query(by_route, r)) return refused;
    return check_body(by_route, r);
}

void refuse_path(request const& r, std::string const& allowed, exchange& x)
{
    if (allowed.empty()) {
        return x.answer(make_reply(
            {.status = 404, .code = "no_such_path", .detail = "there is nothing here"}, r));
    }
    auto out = make_reply({.status = 405,
                           .code = "method_not_allowed",
                           .detail = "this path does not know that method, only " + allowed},
                          r);
    x.answer(std::move(out.with("Allow", allowed)));
}

}  // namespace

std::span<route const> all_routes() noexcept { return routes; }

void dispatch(app& a, request& r, exchange_ptr x)
{
    std::string allowed;
    for (auto const& to : routes) {
        path_arguments arguments;
        if (!matches(to.path, r.path, arguments)) continue;
        if (to.method != method_of(r)) {
            allowed += (allowed.empty() ? "" : ", ") + std::string(to.method);
            if (to.method == "GET") allowed += ", HEAD";
            continue;
        }
        r.route = to.path;
        if (auto const refused = check(to, r)) return x->answer(make_reply(*refused, r));
        return to.handle(a, std::move(x), arguments);
    }
    refuse_path(r, allowed, *x);
}

}  // namespace aircargo::server
