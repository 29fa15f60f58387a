#include "api/openapi/document.hpp"
#include "api/openapi/header_fields.hpp"
#include "api/openapi/operation.hpp"
#include "api/openapi/schemas.hpp"
#include "api/problem.hpp"
#include "api/router.hpp"
#include "api/same_origin.hpp"
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

namespace aircargo::server::docs {
namespace {

constexpr std::string_view about =
    "Books air cargo, finds its way through a flight schedule and tracks it until delivery.\n\n"
    "Refusals are `application/problem+json`: a sentence in `detail`, a stable `code`, and in "
    "`errors` what is wrong field by field. Parameters and members that are not described are "
    "refused, and so is an integer with a fraction or an exponent, such as 2.0, and a NUL "
    "character in any text. What is not HTTP "
    "as it should be is answered with 400, 408, 413, 414, 417 or 431 whatever "
    "the path, and a method that a path does not know with 405.";

struct named_words {
    std::string_view name;
    std::string_view says;
};

constexpr std::array chapters{
    named_words{"Bookings", "From the booking of a shipment to its delivery."},
    named_words{"Events", "What happens to bookings, as it happens."},
    named_words{"Webhooks", "Who is told of what happens to bookings."},
    named_words{"Routes", "Ways through the flight schedule."},
    named_words{"Airports", "Where flights go."},
    named_words{"Flights", "The flight schedule itself."},
    named_words{"Analytics", "Numbers about many bookings."},
    named_words{"Accounts", "Who may do what: logging in, API keys, roles."},
    named_words{"Service", "About the server itself."},
};

/// Parameters in paths: a name means the same in every path.
[[nodiscard]] std::vector<parameter> path_parameters()
{
    return {{"ref_id", refer(schemas::booking_ref), "The booking's reference."},
            {"id", integer(limits::id), "The flight's number in the schedule."},
            {"name", refer(schemas::account_name_in), "The account's name."},
            {"key_id", pattern("^[A-Za-z0-9_-]{12}$"), "The `id` of the API key."},
            {"hook_id", pattern("^[A-Za-z0-9_-]{12}$"), "The `id` of the webhook."},
            {"version", pattern("^[0-9a-f]{12}$"), "As the page at /docs names it."},
            {"file", pattern("^[A-Za-z0-9][A-Za-z0-9.-]*$"), "As the page at /docs names it."}};
}

/// Why there can be a problem with this status, whatever the route.
[[nodiscard]] std::string_view reason_for(unsigned status)
{
    switch (status) {
        case 400: return "The request is not what it must be; `errors` says which fields.";
        case 401: return "Nobody has logged in, or the credentials are not good.";
        case 403: return "The caller may not do it.";
        case 404: return "There is no such thing.";
        case 409:
            return "It does not fit the present state, or somebody else is changing the same.";
        case 412: return "The revision that If-Match names is not the present one.";
        case 413: return "The body is too large.";
        case 415: return "The body is of another type, or compressed.";
        case 421: return "With logins switched off: Host is not a name of this server.";
        case 422: return "The Idempotency-Key was used before, with another request.";
        case 429: return "More than the caller may have; try again after Retry-After.";
        case 503: return "It can not be done now; try again after Retry-After.";
        default: return "See `detail`.";
    }
}

[[nodiscard]] schema component(std::string_view kind, std::string_view name)
{
    return {{"$ref", "#/components/" + std::string(kind) + '/' + std::string(name)}};
}

/// `Precondition Failed` as `PreconditionFailed`.
[[nodiscard]] std::string refusal_name(unsigned status)
{
    std::string name(reason_phrase(status));
    std::erase(name, ' ');
    return name;
}

[[nodiscard]] schema content(std::string_view type, schema const& shape)
{
    return {{std::string(type), {{"schema", shape}}}};
}

[[nodiscard]] schema fields_of(std::vector<std::string_view> names)
{
    names.insert(names.end(), {"X-Request-ID", "traceparent"});
    schema fields = schema::object();
    for (auto name : names) fields[std::string(name)] = component("headers", name);
    return fields;
}

[[nodiscard]] schema describe(answer const& a, bool counted)
{
    auto fields = a.fields;
    if (counted) fields.insert(fields.end(), {"RateLimit", "RateLimit-Policy"});
    schema s{{"description", a.says}, {"headers", fields_of(std::move(fields))}};
    if (!a.shape.is_null()) s["content"] = content(a.content_type, a.shape);
    return s;
}

[[nodiscard]] schema describe_refusal(unsigned status)
{
    std::vector<std::string_view> fields;
    if (status == 401) fields.emplace_back("WWW-Authenticate");
    if (status == 429) fields = {"RateLimit", "RateLimit-Policy"};
    if (status == 429 || status == 503) fields.emplace_back("Retry-After");
    return {{"description", reason_for(status)},
            {"headers", fields_of(std::move(fields))},
            {"content", content("application/problem+json", refer(schemas::problem))}};
}

[[nodiscard]] schema describe(parameter const& p, std::string_view place)
{
    schema s{{"name", p.name}, {"in", place}};
    if (p.required || place == "path") s["required"] = true;
    if (p.shape.value("type", "") == "array") s["explode"] = false;  // one text with commas
    s["description"] = p.says;
    s["schema"] = p.shape;
    return s;
}

[[nodiscard]] bool has(std::vector<std::string_view> const& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The statuses of the problems that a route can answer: its own and those of the pipeline.
[[nodiscard]] std::set<unsigned> refusals_of(route const& r)
{
    auto const o = r.describe();
    std::set<unsigned> statuses(o.refusals.begin(), o.refusals.end());
    statuses.insert({400, 421, 503});
    if (!is_safe_method(r.method)) statuses.insert(403);
    if (r.needs != role::anyone) statuses.insert({401, 403});
    if (r.counts != counting::never) statuses.insert(429);
    if (o.body) statuses.insert({413, 415});
    if (has(o.fields, "Idempotency-Key")) statuses.insert({409, 422});
    for (auto const& a : o.answers) statuses.erase(a.status);
    return statuses;
}

[[nodiscard]] schema answers_of(route const& r)
{
    auto const o = r.describe();
    std::map<unsigned, schema> by_status;
    for (auto const& a : o.answers) by_status[a.status] = describe(a, r.counts != counting::never);
    for (auto status : refusals_of(r))
        by_status[status] = component("responses", refusal_name(status));
    schema answers = schema::object();
    for (auto& [status, answer] : by_status) answers[std::to_string(status)] = std::move(answer);
    return answers;
}

/// The names in braces.
[[nodiscard]] std::vector<std::string_view> names_in(std::string_view path)
{
    std::vector<std::string_view> names;
    for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
        names.push_back(path.substr(open + 1, path.find('}', open) - open - 1));
    }
    return names;
}

[[nodiscard]] schema parameters_of(std::string_view path, operation const& o)
{
    schema all = schema::array();
    for (auto name : names_in(path)) all.push_back(component("parameters", name));
    for (auto const& p : o.query) all.push_back(describe(p, "query"));
    for (auto name : o.fields) all.push_back(component("parameters", name));
    return all;
}

[[nodiscard]] schema describe(route const& r)
{
    auto const o = r.describe();
    schema s{{"operationId", o.id}, {"tags", {o.tag}}, {"summary", o.summary}};
    if (!o.says.empty()) s["description"] = o.says;
    if (auto parameters = parameters_of(r.path, o); !parameters.empty()) {
        s["parameters"] = std::move(parameters);
    }
    if (o.body) {
        s["requestBody"] = {{"required", o.body->required},
                            {"content", content(o.body->content_type, o.body->shape)}};
    }
    if (r.needs != role::anyone) {
        s["security"] =
            schema::array({{{"bearer", schema::array()}}, {{"cookie", schema::array()}}});
        s["x-role"] = name_of(r.needs);
    }
    s["responses"] = answers_of(r);
    return s;
}

[[nodiscard]] schema paths()
{
    schema all = schema::object();
    for (auto const& r : all_routes()) {
        std::string method(r.method);
        std::transform(method.begin(), method.end(), method.begin(),
                       [](char c) { return static_cast<char>(c - 'A' + 'a'); });
        all[std::string(r.path)][method] = describe(r);
    }
    return all;
}

[[nodiscard]] schema components()
{
    schema shapes = schema::object();
    for (auto const* named : all_schemas()) shapes[std::string(named->name)] = named->make();
    schema parameters = schema::object();
    for (auto const& p : path_parameters()) parameters[std::string(p.name)] = describe(p, "path");
    for (auto const& p : request_fields()) parameters[std::string(p.name)] = describe(p, "header");
    schema headers = schema::object();
    for (auto const& p : answer_fields())
        headers[std::string(p.name)] = {{"description", p.says}, {"schema", p.shape}};
    std::set<unsigned> statuses;
    for (auto const& r : all_routes()) statuses.merge(refusals_of(r));
    schema refusals = schema::object();
    for (auto status : statuses) refusals[refusal_name(status)] = describe_refusal(status);
    return {{"schemas", std::move(shapes)},
            {"parameters", std::move(parameters)},
            {"headers", std::move(headers)},
            {"responses", std::move(refusals)},
            {"securitySchemes",
             {{"bearer",
               {{"type", "http"},
                {"scheme", "bearer"},
                {"description", "An access token, or an API key."}}},
              {"cookie",
               {{"type", "apiKey"},
                {"in", "cookie"},
                {"name", "aircargo_access"},
                {"description",
                 "What POST /api/v1/auth/session gives to browsers; where they come by HTTPS its "
                 "name begins with `__Secure-`. What is no GET also needs `X-Aircargo-Page: 1`, "
                 "and to come from the server's own page, else it is 403 `cross_site`. An "
                 "Authorization goes before it."}}}}}};
}

/// What the server sends to those that asked for it.
[[nodiscard]] schema webhooks()
{
    schema taken = {
        {"2XX", {{"description", "It has arrived; with anything else it comes again."}}}};
    schema post = {{"operationId", "receiveEvent"},
                   {"summary", "An event, signed, to the address of a webhook"},
                   {"requestBody",
                    {{"required", true},
                     {"content", content("application/json", refer(schemas::webhook_message))}}},
                   {"responses", std::move(taken)}};
    return {{"booking.event", {{"post", std::move(post)}}}};
}

[[nodiscard]] schema tags()
{
    schema all = schema::array();
    for (auto const& c : chapters) all.push_back({{"name", c.name}, {"description", c.says}});
    return all;
}

}  // namespace

schema openapi_document()
{
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "aircargo"},
              {"version", AIRCARGO_VERSION},
              {"description", about},
              {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}}},
            {"servers", schema::array({{{"url", "/"}}})},
            {"security", schema::array()},
            {"tags", tags()},
            {"paths", paths()},
            {"webhooks", webhooks()},
            {"components", components()}};
}

}  // namespace aircargo::server::docs
