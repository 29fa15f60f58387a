#include "api/handlers.hpp"
#include "api/json_output.hpp"
#include "api/limits.hpp"
#include "api/problem.hpp"
#include "api/query_input.hpp"
#include "limits/client_address.hpp"
#include "live/event_hub.hpp"
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

void refuse(exchange& x, problem const& p) { x.answer(make_reply(p, x.in())); }

/// Where the client was when its last stream broke; browsers send it by themselves.
[[nodiscard]] std::optional<log_position> read_last_id(request const& r, field_errors& errors)
{
    constexpr std::string_view name = "Last-Event-ID";
    auto const sent = r.header(name);
    if (!sent) return std::nullopt;
    auto const id = integer_within{limits::event_id}(*sent);
    if (id && r.header_count(name) == 1) return static_cast<log_position>(*id);
    errors.add(name, "is not the id of an event");
    return std::nullopt;
}

[[nodiscard]] std::string name_of_caller(request const& r)
{
    return r.who ? "account " + r.who->account_id : "address " + counted_address(r.client);
}

[[nodiscard]] problem no_seat(seats::refusal why)
{
    constexpr unsigned come_again_s = 5;
    bool const own = why == seats::refusal::caller_has_enough;
    return {.status = own ? 429U : 503U,
            .code = "too_many_streams",
            .detail = own ? "you have as many streams of events as you may"
                          : "as many streams of events are open as there may be",
            .retry_after_s = come_again_s};
}

/// Waiting behind the end of the log, it would hear nothing until the log is as long, and then miss
/// what came before. From where it would have to go on, nobody can tell.
[[nodiscard]] problem beyond_the_log()
{
    return {.status = 409,
            .code = "beyond_the_log",
            .detail =
                "no event has this id yet, since the store was set back: read anew what you "
                "know, and come without Last-Event-ID"};
}

/// Begins the answer on the connection's thread, now that it is known from where.
void begin(app& a, exchange& x, std::shared_ptr<listener> const& who)
{
    reply head{.body = event_hub::first_words(*who),
               .content_type = "text/event-stream",
               .cache_control = "no-store"};
    head.with("X-Accel-Buffering", "no");  // nginx would keep the events back
    who->attach(x.stream(std::move(head), [who] { who->leave(); }));
    a.events().wake();
}

void listen(app& a, exchange_ptr x, event_filter filter, std::optional<log_position> after)
{
    event_hub::request wanted{std::move(filter), after, name_of_caller(x->in())};
    auto const opened = [&a, x](result<std::shared_ptr<listener>> const& who) {
        x->post([&a, x, who] {
            if (!who) return refuse(*x, to_problem(who.error()));
            if (!*who) return refuse(*x, beyond_the_log());
            begin(a, *x, *who);
        });
    };
    if (auto const refused = a.events().open(std::move(wanted), opened))
        refuse(*x, no_seat(*refused));
}

}  // namespace

void stream_events(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    field_errors errors;
    event_filter filter;
    filter.status = parameter(in, "status", errors, parse_status);
    filter.origin = parameter(in, "origin", errors, airport_code::parse);
    filter.destination = parameter(in, "destination", errors, airport_code::parse);
    auto const after = read_last_id(in, errors);
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    listen(a, std::move(x), std::move(filter), after);
}

/// From its first event on, unless the client says what it has.
void stream_booking_events(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const ref = booking_ref::parse(arguments[0]);
    if (!ref) return refuse(*x, to_problem(ref.error()));
    field_errors errors;
    auto const after = read_last_id(x->in(), errors).value_or(log_start);
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    a.desk().finds.submit(*ref, [&a, x, after](result<booking> const& found) {
        x->post([&a, x, after, found] {
            if (!found) return refuse(*x, to_problem(found.error()));
            listen(a, x, {.of = found->terms.ref}, after);
        });
    });
}

}  // namespace aircargo::server
