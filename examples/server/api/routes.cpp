#include "api/handlers.hpp"
#include "api/json_input.hpp"
#include "api/json_output.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include "api/route_cursor.hpp"
#include "api/schedule_view.hpp"
#include "api/search_input.hpp"
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string found_routes_json(app& a, wanted_search const& wanted)
{
    auto const found = a.routes().search(wanted.query);
    auto const& answer = found.answer;
    auto const next =
        answer.more ? route_cursor::behind(answer, wanted.query).str() : std::string();
    return routes_json({.query = wanted.query,
                        .answer = answer,
                        .departure_date = to_string(wanted.day),
                        .zone = wanted.zone == day_of::origin ? "origin" : "utc",
                        .next_cursor = next});
}

}  // namespace

void search_routes(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    auto body = json_object::parse(in.body);
    if (!body) {
        problem const p{.status = 400, .code = "invalid_json", .detail = body.error().detail};
        return x->answer(make_reply(p, in));
    }
    auto const wanted = read_search(*body);
    if (!wanted) return x->answer(make_reply(to_problem(body->errors), in));
    x->answer({.body = found_routes_json(a, *wanted)});
}

/// The same search, for who has only an address: it can be kept, linked to, and asked for again
/// with If-None-Match.
void get_routes(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    auto asked = json_object::from_texts(search_members, in.query);
    auto const wanted = read_search(asked);
    if (!wanted) return x->answer(make_reply(to_problem(asked.errors), in));
    reply out;
    auto const etag = schedule_view::now(a.routes()).etag;
    out.with("ETag", etag);
    if (client_has(in, etag)) {
        out.status = 304;
    } else {
        out.body = found_routes_json(a, *wanted);
    }
    x->answer(std::move(out));
}

}  // namespace aircargo::server
