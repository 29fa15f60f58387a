#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
#include "api/limits.hpp"
#include "api/query_input.hpp"
#include "api/webhook_words.hpp"
#include "auth/secrets.hpp"
#include "log.hpp"
#include "webhooks/target_check.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Webhooks, for administrators: whoever may make one is told of every booking.
namespace aircargo::server {
namespace {

/// Hands work on webhooks in, and answers with what `make_reply(request, result)` makes of it.
template <class Work, class MakeReply>
void work_on_webhooks(app& a, exchange_ptr x, Work work, MakeReply make_reply)
{
    a.webhooks().store_work().submit(std::move(work),
                                     reply_with(std::move(x), std::move(make_reply)));
}

/// The same for what changes them.
void write_webhooks(app& a, exchange_ptr x, std::optional<write_key> key, plan_of_write plan)
{
    answer_once(a, a.webhooks().store_work(), std::move(x), std::move(key), std::move(plan));
}

/// Tells the log and the relay of a change.
void tell(app& a, std::string_view what, request const& r, std::string_view id)
{
    log_info(names_of(r), what, {{"by", name_of_actor(r)}, {"webhook", id}});
    a.webhooks().wake();
}

[[nodiscard]] std::optional<std::string> read_url(json_object& body, webhooks_config const& c)
{
    auto url = body.text("url", limits::webhook_url_bytes);
    if (!url) return std::nullopt;
    if (auto why = refuse_url(*url, c.networks)) body.errors.add("url", *std::move(why));
    return url;
}

/// A list that may be left out, which is something else than an empty one.
template <class Parse>
[[nodiscard]] auto read_list(json_object& body, std::string_view name, std::size_t most,
                             Parse parse)
    -> std::optional<std::vector<typename decltype(parse(std::string_view()))::value_type>>
{
    auto const texts = body.texts(name, most);
    if (!texts) return std::nullopt;
    std::vector<typename decltype(parse(std::string_view()))::value_type> values;
    for (auto const& text : *texts) {
        auto value = parse(std::string_view(text));
        if (!value) {
            body.errors.add(name, value.error());
            return std::nullopt;
        }
        values.push_back(*std::move(value));
    }
    return values;
}

[[nodiscard]] webhook_change read_change(json_object& body, webhooks_config const& c)
{
    return {.url = read_url(body, c),
            .statuses = read_list(body, "statuses", limits::webhook_statuses, parse_status),
            .airports = read_list(body, "airports", limits::webhook_airports, airport_code::parse),
            .enabled = body.boolean("enabled")};
}

[[nodiscard]] result<delivery_state> parse_state(std::string_view text)
{
    if (auto const state = parse_delivery_state(text)) return *state;
    return aircargo::refuse(errc::invalid_request, "must be pending or dead");
}

[[nodiscard]] reply webhook_reply(request const& r, result<webhook> const& w)
{
    if (!w) return make_reply(to_problem(w.error()), r);
    return {.body = webhook_json(*w)};
}

[[nodiscard]] reply created(webhook const& w)
{
    reply out{.status = 201, .body = webhook_json(w, w.secret), .cache_control = "no-store"};
    out.with("Location", "/api/v1/webhooks/" + w.id);
    return out;
}

[[nodiscard]] reply redelivered(request const& r, result<std::size_t> const& count)
{
    if (!count) return make_reply(to_problem(count.error()), r);
    return {.body = R"({"redelivered":)" + std::to_string(*count) + '}'};
}

/// What a request for a test message comes to: where it goes, or what was answered before.
struct test_to_send {
    std::optional<webhook> to{};
    std::optional<reply> answered{};
};

[[nodiscard]] problem enough_webhooks()
{
    return {.status = 409,
            .code = "too_many_webhooks",
            .detail = "there are as many webhooks as there may be"};
}

}  // namespace

void create_webhook(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const wanted = read_change(*body, a.webhooks().settings());
    body->require("url");
    body->finish();
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));

    auto const plan = [&a, &in, wanted]() -> result<planned_write> {
        auto const made = a.webhooks().draft(wanted);
        if (!made) return made.error();
        if (!*made) return planned_write{[&in] { return make_reply(enough_webhooks(), in); }};
        return planned_write{
            .apply =
                [&a, &in, w = **made] {
                    auto const added = a.webhooks().store().add(w);
                    return added ? created(w) : make_reply(to_problem(added.error()), in);
                },
            .afterwards = [&a, &in, id = (*made)->id] { tell(a, "webhook.created", in, id); }};
    };
    write_webhooks(a, std::move(x), std::move(key), plan);
}

void list_webhooks(app& a, exchange_ptr x, path_arguments const&)
{
    auto const answer = [](request const& r, result<std::vector<webhook>> const& all) {
        if (!all) return make_reply(to_problem(all.error()), r);
        return reply{.body = webhooks_json(*all)};
    };
    work_on_webhooks(
        a, std::move(x), [&a] { return a.webhooks().store().list(); }, answer);
}

void get_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    work_on_webhooks(
        a, std::move(x),
        [&a, id = std::string(arguments[0])] { return a.webhooks().store().find(id); },
        webhook_reply);
}

void change_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const wanted = read_change(*body, a.webhooks().settings());
    body->finish();
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));

    auto const plan = [&a, &in, wanted, id = std::string(arguments[0])]() -> result<planned_write> {
        auto const what = a.webhooks().draft_change(id, wanted);
        if (!what) return what.error();
        return planned_write{.apply =
                                 [&a, &in, id, what = *what] {
                                     return webhook_reply(in,
                                                          a.webhooks().store().change(id, what));
                                 },
                             .afterwards = [&a, &in, id] { tell(a, "webhook.changed", in, id); }};
    };
    write_webhooks(a, std::move(x), std::move(key), plan);
}

void remove_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const& in = x->in();
    field_errors errors;
    auto key = read_write_key(in, "", errors);
    if (!errors.empty()) return refuse(*x, to_problem(errors));

    auto const plan = [&a, &in, id = std::string(arguments[0])]() -> result<planned_write> {
        return planned_write{.apply =
                                 [&a, &in, id] {
                                     auto const removed = a.webhooks().store().remove(id);
                                     return removed ? reply{.status = 204}
                                                    : make_reply(to_problem(removed.error()), in);
                                 },
                             .afterwards = [&a, &in, id] { tell(a, "webhook.removed", in, id); }};
    };
    write_webhooks(a, std::move(x), std::move(key), plan);
}

/// Sends a message of its own at once and tells what came of it. With a key the message has its id
/// from that, so a receiver that gets it a second time knows it again: no store can undo a message.
void test_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const& in = x->in();
    field_errors errors;
    auto const key = read_write_key(in, "", errors);
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    auto const hold = std::make_shared<keys_under_way::hold>();
    if (key) *hold = a.under_way().take(key->name());
    if (key && !*hold) return x->answer(still_under_way(in));

    auto const answer = [x, hold](reply out) {
        hold->reset();  // before the client can come again
        x->post([x, out = std::move(out)] { x->answer(out); });
    };
    auto const sent = [&a, &in, key, answer](send_outcome const& out) {
        reply told{.body = outcome_json(out)};
        if (!key) return answer(std::move(told));
        // The pool of webhooks ends before the sender, which then still calls this.
        a.auth().store_work().submit(
            [&a, &in, key, told = std::move(told)]() -> result<reply> {
                return keep_answer(a, in, *key, told);
            },
            [&in, answer](result<reply> const& kept) {
                answer(kept ? *kept : make_reply(to_problem(kept.error()), in));
            });
    };
    auto const begin = [&a, &in, key, answer, sent](result<test_to_send> const& what) {
        if (!what) return answer(make_reply(to_problem(what.error()), in));
        if (what->answered) return answer(*what->answered);
        auto id = "test-" + (key ? key->kept.key.substr(0, 24) : random_secret(9));
        auto const begun = a.webhooks().send_test(*what->to, std::move(id), sent);
        if (!begun) answer(make_reply(to_problem(begun.error()), in));
    };
    a.webhooks().store_work().submit(
        [&a, &in, key, id = std::string(arguments[0])]() -> result<test_to_send> {
            if (auto before = key ? answer_of_before(a, in, *key) : std::nullopt)
                return test_to_send{.answered = std::move(before)};
            auto to = a.webhooks().store().find(id);
            if (!to) return to.error();
            return test_to_send{.to = *std::move(to)};
        },
        begin);
}

void list_deliveries(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const& in = x->in();
    field_errors errors;
    delivery_query query{.webhook_id = std::string(arguments[0])};
    query.state = parameter(in, "state", errors, parse_state).value_or(delivery_state::dead);
    query.after = static_cast<log_position>(
        parameter(in, "cursor", errors, integer_within{limits::event_id}).value_or(0));
    query.page_size = static_cast<std::size_t>(
        parameter(in, "page_size", errors, integer_within{limits::deliveries_page_size})
            .value_or(limits::default_deliveries_page_size));
    if (!errors.empty()) return refuse(*x, to_problem(errors));

    auto const answer = [size = query.page_size](
                            request const& r, result<std::vector<webhook_delivery>> const& page) {
        if (!page) return make_reply(to_problem(page.error()), r);
        auto const next = page->size() == size ? to_string(page->back().position) : "";
        return reply{.body = deliveries_json(*page, next)};
    };
    work_on_webhooks(
        a, std::move(x), [&a, query] { return a.webhooks().store().deliveries(query); }, answer);
}

void redeliver_events(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const events = body->integers("event_ids", limits::event_id, limits::redelivered_events);
    body->finish();
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    std::optional<std::vector<log_position>> which;
    if (events) {
        which.emplace();
        for (auto const e : *events) which->push_back(static_cast<log_position>(e));
    }

    auto const plan = [&a, &in, which, now = cargo_system::system_time(),
                       id = std::string(arguments[0])]() -> result<planned_write> {
        return planned_write{
            .apply =
                [&a, &in, id, which, now] {
                    return redelivered(in, a.webhooks().store().redeliver(id, which, now));
                },
            .afterwards = [&a, &in, id] { tell(a, "webhook.redelivered", in, id); }};
    };
    write_webhooks(a, std::move(x), std::move(key), plan);
}

}  // namespace aircargo::server
