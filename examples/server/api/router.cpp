#include "api/router.hpp"
#include "api/handlers.hpp"
#include "api/problem.hpp"
#include <algorithm>
#include <optional>
#include <string>

namespace aircargo::server {
namespace {

constexpr std::string_view booking_path = "/api/v1/bookings/{ref_id}";
constexpr std::array<std::string_view, 8> list_parameters{
    "page", "page_size", "cursor", "status", "origin", "destination", "created_from", "created_to"};

// clang-format off
constexpr std::array routes{
    route{"POST",   "/api/v1/bookings",                   role::agent,  create_booking, true},
    route{"GET",    "/api/v1/bookings",                   role::viewer, list_bookings, false, list_parameters},
    route{"GET",    booking_path,                         role::viewer, get_booking},
    route{"DELETE", booking_path,                         role::agent,  cancel_booking, true},
    route{"GET",    "/api/v1/bookings/{ref_id}/history",  role::viewer, get_history},
    route{"POST",   "/api/v1/bookings/{ref_id}/depart",   role::agent,  depart_booking, true},
    route{"POST",   "/api/v1/bookings/{ref_id}/arrive",   role::agent,  arrive_booking, true},
    route{"POST",   "/api/v1/bookings/{ref_id}/deliver",  role::agent,  deliver_booking, true},
    route{"POST",   "/api/v1/routes/search",              role::anyone, search_routes, true},
    route{"GET",    "/health",                            role::anyone, health},
    route{"GET",    "/health/detailed",                   role::anyone, health_detailed},
};
// clang-format on

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

[[nodiscard]] std::optional<problem> check_query(route const& to, request const& r)
{
    field_errors errors;
    for (std::size_t i = 0; i < r.query.size(); ++i) {
        auto const& name = r.query[i].name;
        auto const same = [&](auto const& p) { return p.name == name; };
        auto const before = r.query.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(to.query.begin(), to.query.end(), name) == to.query.end()) {
            errors.add(name.substr(0, 64), "is not a parameter of this route");
        } else if (std::any_of(r.query.begin(), before, same)) {
            errors.add(name, "is given twice");
        }
    }
    return errors.empty() ? std::nullopt : std::optional(to_problem(errors));
}

[[nodiscard]] std::optional<problem> check_body(route const& to, request const& r)
{
    if (r.body.empty()) return std::nullopt;
    if (!to.takes_body) {
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
        for (auto check : {authorize, check_query, check_body}) {
            if (auto const refused = check(to, r)) return x->answer(make_reply(*refused, r));
        }
        return to.handle(a, std::move(x), arguments);
    }
    refuse_path(r, allowed, *x);
}

}  // namespace aircargo::server
