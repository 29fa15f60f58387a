#include "api/analytics_output.hpp"
#include "api/handlers.hpp"
#include "api/limits.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include "api/query_input.hpp"
#include "text.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

[[nodiscard]] day_span read_days(request const& r, field_errors& errors)
{
    auto const today = date(std::chrono::floor<days>(cargo_system::system_time()));
    auto const to = parameter(r, "to", errors, parse_date);
    auto const from = parameter(r, "from", errors, parse_date);
    auto const last = to.value_or(today);
    auto const first =
        from.value_or(date(sys_days(last) - days(limits::default_analytics_days - 1)));
    auto const length = (sys_days(last) - sys_days(first)).count() + 1;
    if (length < 1) errors.add("to", "must not be before from");
    if (length > limits::analytics_days) {
        errors.add("from", "must be within " + std::to_string(limits::analytics_days) +
                               " days of to, both counted");
    }
    return {first, last};
}

[[nodiscard]] reply figures_reply(request const& r, day_span const& span,
                                  dated_figures const& figures)
{
    reply out{.body = analytics_json(span, figures)};
    auto const etag = '"' + sha256(out.body).substr(0, 16) + '"';
    out.with("ETag", etag);
    if (!client_has(r, etag)) return out;
    out.status = 304;
    out.body.clear();
    return out;
}

}  // namespace

void get_analytics(app& a, exchange_ptr x, path_arguments const&)
{
    field_errors errors;
    auto const span = read_days(x->in(), errors);
    if (!errors.empty()) return x->answer(make_reply(to_problem(errors), x->in()));
    if (auto const known = a.figures().remembered(span))
        return x->answer(figures_reply(x->in(), span, *known));
    auto const answer = [span](request const& r, result<figures_answer> const& figures) {
        if (!figures) return make_reply(to_problem(figures.error()), r);
        return figures_reply(r, span, **figures);
    };
    a.figures().asks.submit(span, reply_with(std::move(x), answer));
}

}  // namespace aircargo::server
