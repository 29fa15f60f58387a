#include "api/webhook_words.hpp"
#include "api/json_writer.hpp"
#include <aircargo/core/utc_time.hpp>

namespace aircargo::server {
namespace {

void write(json_writer& out, webhook const& w, std::optional<std::string_view> secret)
{
    out.begin_object().member("id", w.id).member("url", w.url);
    out.key("statuses").begin_array();
    for (auto const s : w.statuses) out.value(name_of(s));
    out.end_array().key("airports").begin_array();
    for (auto const& a : w.airports) out.value(a.str());
    out.end_array().member("enabled", w.enabled).member("created_at", to_string(w.created_at));
    if (secret) out.member("secret", *secret);
    out.end_object();
}

void write(json_writer& out, webhook_delivery const& d)
{
    out.begin_object()
        .member("event_id", static_cast<std::int64_t>(d.position))
        .member("ref_id", d.ref.str())
        .member("seq", d.seq)
        .member("state", name_of(d.state))
        .member("attempts", d.attempts)
        .member("due_since", to_string(d.due_since));
    if (d.state == delivery_state::pending)
        out.member("next_attempt_at", to_string(d.next_attempt_at));
    if (d.state == delivery_state::dead) out.member("given_up_at", to_string(d.next_attempt_at));
    if (!d.last_error.empty()) out.member("last_error", d.last_error);
    out.end_object();
}

}  // namespace

std::string webhook_json(webhook const& w, std::optional<std::string_view> secret)
{
    std::string text;
    json_writer out(text);
    write(out, w, secret);
    return text;
}

std::string webhooks_json(std::vector<webhook> const& all)
{
    std::string text;
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& w : all) write(out, w, std::nullopt);
    out.end_array().end_object();
    return text;
}

std::string deliveries_json(std::vector<webhook_delivery> const& page, std::string_view next_cursor)
{
    std::string text;
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const& d : page) write(out, d);
    out.end_array().optional_member("next_cursor", next_cursor).end_object();
    return text;
}

std::string outcome_json(send_outcome const& out)
{
    std::string text;
    json_writer json(text);
    json.begin_object().member("arrived", out.arrived);
    if (out.status != 0) json.member("status", out.status);
    if (!out.error.empty()) json.member("error", out.error);
    json.member("took_ms", out.took.count()).end_object();
    return text;
}

}  // namespace aircargo::server
