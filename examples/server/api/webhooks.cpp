#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/limits.hpp"
#include "api/query_input.hpp"
#include "api/webhook_words.hpp"
#include "log.hpp"
#include "webhooks/target_check.hpp"
#include <cstddef>
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

void log_change(std::string_view what, request const& r, std::string_view id)
{
    log_info(what, {{"request_id", r.id}, {"by", name_of_actor(r)}, {"webhook", id}});
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
    auto const wanted = read_change(*body, a.webhooks().settings());
    body->require("url");
    body->finish();
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));

    auto const answer = [](request const& r, result<std::optional<webhook>> const& made) {
        if (!made) return make_reply(to_problem(made.error()), r);
        if (!*made) return make_reply(enough_webhooks(), r);
        log_change("webhook.created", r, (*made)->id);
        reply created{.status = 201,
                      .body = webhook_json(**made, (*made)->secret),
                      .cache_control = "no-store"};
        created.with("Location", "/api/v1/webhooks/" + (*made)->id);
        return created;
    };
    work_on_webhooks(
        a, std::move(x), [&a, wanted] { return a.webhooks().add(wanted); }, answer);
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
    auto const what = read_change(*body, a.webhooks().settings());
    body->finish();
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));

    auto const answer = [](request const& r, result<webhook> const& w) {
        if (w) log_change("webhook.changed", r, w->id);
        return webhook_reply(r, w);
    };
    work_on_webhooks(
        a, std::move(x),
        [&a, what, id = std::string(arguments[0])] { return a.webhooks().change(id, what); },
        answer);
}

void remove_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    std::string id(arguments[0]);
    auto const answer = [id](request const& r, result<void> const& removed) {
        if (!removed) return make_reply(to_problem(removed.error()), r);
        log_change("webhook.removed", r, id);
        return reply{.status = 204};
    };
    work_on_webhooks(
        a, std::move(x), [&a, id] { return a.webhooks().store().remove(id); }, answer);
}

/// Sends a message of its own at once and tells what came of it.
void test_webhook(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const sent = [x](send_outcome const& out) {
        x->post([x, out] { x->answer({.body = outcome_json(out)}); });
    };
    auto const found = [&a, x, sent](result<webhook> const& w) {
        auto const begun = w ? a.webhooks().send_test(*w, sent) : result<void>(w.error());
        if (!begun) x->post([x, why = begun.error()] { refuse(*x, to_problem(why)); });
    };
    a.webhooks().store_work().submit(
        [&a, id = std::string(arguments[0])] { return a.webhooks().store().find(id); }, found);
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
    auto const events = body->integers("event_ids", limits::event_id, limits::redelivered_events);
    body->finish();
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    std::optional<std::vector<log_position>> which;
    if (events) {
        which.emplace();
        for (auto const e : *events) which->push_back(static_cast<log_position>(e));
    }

    std::string id(arguments[0]);
    auto const answer = [id](request const& r, result<std::size_t> const& count) {
        if (!count) return make_reply(to_problem(count.error()), r);
        log_change("webhook.redelivered", r, id);
        return reply{.body = R"({"redelivered":)" + std::to_string(*count) + '}'};
    };
    work_on_webhooks(
        a, std::move(x), [&a, id, which] { return a.webhooks().redeliver(id, which); }, answer);
}

}  // namespace aircargo::server
