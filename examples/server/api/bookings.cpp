#include "api/body.hpp"
#include "api/booking_input.hpp"
#include "api/change_log.hpp"
#include "api/handlers.hpp"
#include "api/json_input.hpp"
#include "api/json_output.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include "api/ready_bookings.hpp"
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] std::optional<booking_ref> read_ref(exchange& x, path_arguments const& arguments)
{
    auto const ref = booking_ref::parse(arguments[0]);
    if (ref) return *ref;
    refuse(x, to_problem(ref.error()));
    return std::nullopt;
}

[[nodiscard]] reply booking_reply(unsigned status, booking const& b)
{
    reply out{.status = status, .body = booking_json(b)};
    out.with("ETag", etag_of(b.revision));
    return out;
}

[[nodiscard]] ready_booking in_words(booking const& b)
{
    return {booking_json(b), etag_of(b.revision)};
}

/// What the cache has at hand, in words.
[[nodiscard]] ready_bookings::shared ready_at_once(app& a, booking_ref const& ref)
{
    auto const kept = a.tracking().find_at_once(ref);
    if (!kept) return nullptr;
    return a.ready().of(kept->bytes, [&] {
        auto const known = kept->value();
        return known ? std::optional(in_words(*known)) : std::nullopt;
    });
}

[[nodiscard]] reply shown_booking(request const& r, ready_booking const& b)
{
    reply out;
    out.with("ETag", b.etag);
    if (client_has(r, b.etag)) {
        out.status = 304;
    } else {
        out.body = b.json;
    }
    return out;
}

/// Hands a change in at the desk and answers with the booking as it is then.
void change(app& a, exchange_ptr x, booking_request change, std::string_view what, unsigned status)
{
    auto const answer = [&a, what, status](request const& r, result<booking> const& changed) {
        if (!changed) return make_reply(to_problem(changed.error()), r);
        a.tally().count(changed->status);
        log_change(what, r, *changed);
        auto out = booking_reply(status, *changed);
        if (status == 201) out.with("Location", "/api/v1/bookings/" + changed->terms.ref.str());
        return out;
    };
    a.desk().writes.submit(std::move(change), reply_with(std::move(x), answer));
}

struct act_words {
    booking_act act;
    std::string_view done;  ///< as the log says it
};

/// Depart, arrive, deliver and cancel differ in the fields that they take.
void act_on_booking(app& a, exchange_ptr x, path_arguments const& arguments, act_words words)
{
    auto const ref = read_ref(*x, arguments);
    if (!ref) return;
    auto body = read_body(*x);
    if (!body) return;

    auto const& in = x->in();
    act_request act{.ref = *ref, .act = words.act};
    read_act_members(*body, in, act);
    act.if_revision = read_if_match(in, body->errors);
    act.key = read_idempotency_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    change(a, std::move(x), std::move(act), words.done, 200);
}

}  // namespace

void create_booking(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto wanted = read_new_booking(*body, in);
    auto key = read_idempotency_key(in, body->canonical(), body->errors);
    if (!wanted || !body->errors.empty()) return refuse(*x, to_problem(body->errors));
    wanted->key = std::move(key);
    change(a, std::move(x), *std::move(wanted), "booking.created", 201);
}

void depart_booking(app& a, exchange_ptr x, path_arguments const& arguments)
{
    act_on_booking(a, std::move(x), arguments, {booking_act::depart, "booking.departed"});
}

void arrive_booking(app& a, exchange_ptr x, path_arguments const& arguments)
{
    act_on_booking(a, std::move(x), arguments, {booking_act::arrive, "booking.arrived"});
}

void deliver_booking(app& a, exchange_ptr x, path_arguments const& arguments)
{
    act_on_booking(a, std::move(x), arguments, {booking_act::deliver, "booking.delivered"});
}

void cancel_booking(app& a, exchange_ptr x, path_arguments const& arguments)
{
    act_on_booking(a, std::move(x), arguments, {booking_act::cancel, "booking.cancelled"});
}

void get_booking(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const ref = read_ref(*x, arguments);
    if (!ref) return;
    if (auto const ready = ready_at_once(a, *ref)) return x->answer(shown_booking(x->in(), *ready));
    auto const answer = [](request const& r, result<booking> const& found) {
        if (!found) return make_reply(to_problem(found.error()), r);
        return shown_booking(r, in_words(*found));
    };
    a.desk().finds.submit(*ref, reply_with(std::move(x), answer));
}

void get_history(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const ref = read_ref(*x, arguments);
    if (!ref) return;
    auto const answer = [ref = *ref](request const& r, result<std::vector<event>> const& events) {
        if (!events) return make_reply(to_problem(events.error()), r);
        auto const etag = etag_of(events->back().seq);  // the booking's revision
        reply out;
        out.with("ETag", etag);
        if (client_has(r, etag)) {
            out.status = 304;
        } else {
            out.body = history_json(ref.str(), *events);
        }
        return out;
    };
    if (auto known = a.tracking().history_at_once(*ref))
        return x->answer(answer(x->in(), *std::move(known)));
    a.desk().histories.submit(*ref, reply_with(std::move(x), answer));
}

}  // namespace aircargo::server
