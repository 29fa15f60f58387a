#include "api/pipeline.hpp"
#include "api/cors.hpp"
#include "api/cross_site.hpp"
#include "api/open_door.hpp"
#include "api/page.hpp"
#include "api/problem.hpp"
#include "api/router.hpp"
#include "api/same_origin.hpp"
#include "limits/batch_units.hpp"
#include "limits/client_address.hpp"
#include "limits/request_limits.hpp"
#include "log.hpp"
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

/// A request on its way. `r` is the one that `x` answers.
struct visit {
    app& a;
    request& r;
    exchange_ptr x;
    found_route found;
    web_file const* file = nullptr;  ///< of the web page, where no route takes it
    std::optional<error> unknown{};  ///< why what the request brought does not say who asks
    bool cross_site = false;  ///< its cookie was not asked, since another page may have sent it
};

/// Whether the caller may use the route.
[[nodiscard]] std::optional<problem> authorize(visit const& v)
{
    auto const needs = v.found.row->needs;
    if (needs == role::anyone || !v.a.settings().auth.required) return std::nullopt;
    if (v.cross_site) return cross_site();
    if (v.unknown && group_of(v.unknown->code) == errc_group::unavailable)
        return to_problem(*v.unknown);
    if (v.unknown) {
        log_info(names_of(v.r), "auth.refused", {{"detail", v.unknown->detail}});
        return problem{.status = 401,
                       .code = "invalid_token",
                       .detail = "the token or API key is not good, or not any more",
                       .challenge = R"(Bearer error="invalid_token")"};
    }
    if (!v.r.who) {
        return problem{.status = 401,
                       .code = "unauthenticated",
                       .detail = "log in and send the token as Authorization: Bearer"};
    }
    if (v.r.who->has < needs)
        return forbidden("this is for the role " + std::string(name_of(needs)));
    if (v.r.who->by_api_key && v.found.row->takes == credentials::of_login) {
        return problem{.status = 403,
                       .code = "login_required",
                       .detail = "an API key may not do this; log in with name and password"};
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<problem> check_query(taken_by_route const& by_route, request const& r)
{
    field_errors errors;
    for (std::size_t i = 0; i < r.query.size(); ++i) {
        auto const& name = r.query[i].name;
        auto const same = [&](auto const& p) { return p.name == name; };
        auto const before = r.query.begin() + static_cast<std::ptrdiff_t>(i);
        if (std::find(by_route.query.begin(), by_route.query.end(), name) == by_route.query.end()) {
            errors.add(shown(name), "is not a parameter of this route");
        } else if (std::any_of(r.query.begin(), before, same)) {
            errors.add(name, "is given twice");
        }
    }
    return errors.empty() ? std::nullopt : std::optional(to_problem(errors));
}

[[nodiscard]] std::optional<problem> check_body(taken_by_route const& by_route, request const& r)
{
    if (r.body.empty()) return std::nullopt;
    if (by_route.body.empty()) {
        return problem{.status = 400, .code = "bad_request", .detail = "this route takes no body"};
    }
    auto type = r.header("Content-Type").value_or("");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
    bool const plain =
        r.header_count("Content-Encoding") == 0 && r.header_count("Content-Type") == 1;
    if (plain && equal_without_case(type, by_route.body)) return std::nullopt;
    return problem{.status = 415,
                   .code = "unsupported_media_type",
                   .detail = "send the body as " + std::string(by_route.body) + ", not compressed"};
}

/// Why the request does not come through to the row's handler.
[[nodiscard]] std::optional<problem> check(visit const& v)
{
    auto const& by_route = taken_by(*v.found.row);
    if (auto refused = authorize(v)) return refused;
    if (auto refused = check_query(by_route, v.r)) return refused;
    return check_body(by_route, v.r);
}

void refuse_path(visit const& v)
{
    auto const& allowed = v.found.allowed;
    if (allowed.empty()) {
        return v.x->answer(nothing_there(v.a, v.r));
    }
    auto out = make_reply({.status = 405,
                           .code = "method_not_allowed",
                           .detail = "this path does not know that method, only " + allowed},
                          v.r);
    v.x->answer(std::move(out.with("Allow", allowed)));
}

void handle(visit v)
{
    auto const* const row = v.found.row;
    if (v.file != nullptr) return answer_file(*v.x, *v.file);
    if (row == nullptr) return refuse_path(v);
    if (auto const refused = check(v)) return v.x->answer(make_reply(*refused, v.r));
    row->handle(v.a, std::move(v.x), v.found.arguments);
}

void refuse_too_many(visit const& v, counted_request const& counted, rate_answer const& answer)
{
    add_rate_limit_fields(v.r.answer_fields, counted, answer);
    v.x->answer(make_reply(too_many(counted, answer), v.r));
}

void after_counting(visit v, counted_request const& counted, result<rate_answer> const& answer)
{
    if (!answer) return v.x->answer(make_reply(to_problem(answer.error()), v.r));
    if (!answer->allowed) return refuse_too_many(v, counted, *answer);
    add_rate_limit_fields(v.r.answer_fields, counted, *answer);
    handle(std::move(v));
}

[[nodiscard]] counting counting_of(visit const& v)
{
    if (v.file != nullptr) return counting::of_page;
    return v.found.row == nullptr ? counting::by_caller : v.found.row->counts;
}

void count(visit v)
{
    auto& limits = v.a.limits();
    auto const how = counting_of(v);
    auto counted = limits.limit_of(how, v.r.who, v.r.client);
    if (!counted) return handle(std::move(v));
    if (how == counting::by_entries) {
        auto const all_at_once = counted->what.limit.burst();
        counted->what.cost = std::min(units_of_batch(v.r.body), all_at_once);
    }
    if (auto const answer = limits.count_at_once(counted->what))
        return after_counting(std::move(v), *counted, *answer);
    limits.count(counted->what, [v, counted = *counted](auto const& answer) {
        v.x->post([v, counted, answer] { after_counting(v, counted, answer); });
    });
}

void after_identifying(visit v, result<caller> const& who)
{
    if (who) {
        v.r.who = *who;
    } else {
        v.unknown = who.error();
        if (group_of(who.error().code) != errc_group::unavailable)
            v.a.limits().count_bad_credential(v.r.client);
    }
    count(std::move(v));
}

void identify_by(visit v, std::string_view authorization)
{
    auto& callers = v.a.auth().callers();
    if (auto const known = callers.known(authorization))
        return after_identifying(std::move(v), *known);
    // A flood of bad ones must not get as far as the store.
    if (!callers.was_good(authorization)) {
        if (auto const spent = v.a.limits().too_many_bad_credentials(v.r.client))
            return refuse_too_many(v, spent->first, spent->second);
    }
    callers.lookup(authorization, [v](result<caller> const& who) {
        v.x->post([v, who] { after_identifying(v, who); });
    });
}

/// Finds out who asks, where that can make a difference. Browsers send their cookie by themselves,
/// so it counts only where nothing else does.
void identify(visit v)
{
    auto const* const row = v.found.row;
    bool const matters =
        row != nullptr && (row->needs != role::anyone || row->counts == counting::by_caller);
    if (!matters || !v.a.settings().auth.required) return count(std::move(v));
    if (auto const authorization = v.r.header("Authorization"))
        return identify_by(std::move(v), *authorization);
    auto const token = v.a.cookies().access_token(v.r);
    if (!token) return count(std::move(v));
    v.cross_site = !is_safe_method(v.r.method) && !is_of_own_page(v.r);
    if (v.cross_site) return count(std::move(v));
    identify_by(std::move(v), "Bearer " + std::string(*token));
}

}  // namespace

problem forbidden(std::string detail)
{
    return {.status = 403, .code = "forbidden", .detail = std::move(detail)};
}

problem too_many(counted_request const& counted, rate_answer const& answer)
{
    auto const wait = std::chrono::ceil<std::chrono::seconds>(answer.retry_after).count();
    return {.status = 429,
            .code = "rate_limited",
            .detail = "this " + std::string(counted.policy) +
                      " has sent too many requests; try again in " + std::to_string(wait) + " s",
            .retry_after_s = static_cast<unsigned>(wait)};
}

void dispatch(app& a, request& r, exchange_ptr x)
{
    auto const& limits = a.settings().limits;
    r.client = client_address(r, limits.trusted_proxies);
    visit v{a, r, std::move(x), find_route(r)};
    if (v.found.row != nullptr) {
        r.route = v.found.row->path;
        r.route_number = number_of(*v.found.row);
    } else if (v.found.allowed.empty() && (v.file = page_file_of(a, r)) != nullptr) {
        r.route = page_path;
        r.route_number = number_of_page();
    }
    if (auto preflight = pass_cors(r, limits.cors_origins, v.found.allowed))
        return v.x->answer(*std::move(preflight));
    if (auto const refused = guard_open_door(r, a.settings()))
        return v.x->answer(make_reply(*refused, r));
    identify(std::move(v));
}

}  // namespace aircargo::server
