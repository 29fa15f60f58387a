#include "api/openapi/schemas.hpp"
#include <aircargo/store/webhook_store.hpp>
#include <string_view>
#include <vector>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

[[nodiscard]] schema url()
{
    auto s = text(limits::webhook_url_bytes);
    s["pattern"] = "^https?://[!-~]+$";
    return with_example(
        described(with_format(std::move(s), "webhook-url"),
                  "Where events go; http only into networks that the settings name."),
        "https://example.com/cargo-events");
}

[[nodiscard]] std::vector<member> what_is_meant(member::presence there)
{
    return {
        {"statuses",
         described(list(refer(schemas::booking_status), limits::webhook_statuses),
                   "Only events after which a booking has one of these; empty: all."),
         there},
        {"airports",
         described(list(refer(there == required ? schemas::airport_code : schemas::airport_code_in),
                        limits::webhook_airports),
                   "Only bookings that begin or end at one of these; empty: all."),
         there},
        {"enabled", truth(), there}};
}

[[nodiscard]] schema change_with_url(member::presence there)
{
    std::vector<member> members{{"url", url(), there}};
    for (auto& m : what_is_meant(optional)) members.push_back(std::move(m));
    return request_object(members);
}

[[nodiscard]] schema make_new_webhook()
{
    return with_example(change_with_url(required), {{"url", "https://example.com/cargo-events"},
                                                    {"statuses", {"ARRIVED", "DELIVERED"}},
                                                    {"airports", {"BLR"}}});
}

[[nodiscard]] schema make_webhook_change()
{
    return with_example(change_with_url(optional), {{"enabled", false}});
}

[[nodiscard]] std::vector<member> webhook_members()
{
    std::vector<member> members{{"id", text()}, {"url", url()}};
    for (auto& m : what_is_meant(required)) members.push_back(std::move(m));
    members.push_back({"created_at", refer(schemas::instant)});
    return members;
}

[[nodiscard]] schema make_webhook() { return answer_object(webhook_members()); }

[[nodiscard]] schema make_shown_webhook()
{
    auto members = webhook_members();
    members.push_back(
        {"secret", described(pattern("^whsec_[A-Za-z0-9+/]+=*$"),
                             "What messages are signed with. It is not shown again.")});
    return answer_object(members);
}

[[nodiscard]] schema make_webhooks()
{
    return answer_object({{"items", list(refer(schemas::webhook))}});
}

[[nodiscard]] schema make_webhook_message()
{
    return described(
        answer_object({{"type", one_of({"booking.event", "webhook.test"})},
                       {"timestamp", described(refer(schemas::instant), "When it happened.")},
                       {"data", refer(schemas::logged_event)}}),
        "The body of a message. A test has a `data` without members.");
}

[[nodiscard]] schema make_webhook_test()
{
    auto s = answer_object({{"arrived", described(truth(), "The receiver answered 2xx.")},
                            {"status", described(integer({100, 999}), "Of its answer."), optional},
                            {"error", described(text(), "Why it did not arrive."), optional},
                            {"took_ms", count()}});
    s["x-message"] = refer(schemas::webhook_message);  // what was sent, and what events look like
    return s;
}

[[nodiscard]] schema make_delivery_state()
{
    return described(one_of(names_of(aircargo::delivery_state::pending)),
                     "On its way, or given up after it was tried for too long.");
}

[[nodiscard]] schema make_delivery_cursor() { return pattern("^[0-9]{1,18}$"); }

[[nodiscard]] schema make_webhook_delivery()
{
    return answer_object(
        {{"event_id",
          described(integer(limits::event_id),
                    "Its place in the log, with which the `webhook-id` of its message begins.")},
         {"ref_id", refer(schemas::booking_ref)},
         {"seq", integer(limits::id)},
         {"state", refer(schemas::delivery_state)},
         {"attempts", described(count(), "That were begun.")},
         {"due_since", described(refer(schemas::instant),
                                 "Since when it is tried, without the time in which nobody could; "
                                 "before its first attempt, since when it is known.")},
         {"next_attempt_at",
          described(refer(schemas::instant),
                    "Not before; of one that is under way, when it is begun anew."),
          optional},
         {"given_up_at",
          described(refer(schemas::instant), "Of one that was; some time later it is removed."),
          optional},
         {"last_error", text(), optional}});
}

[[nodiscard]] schema make_delivery_page()
{
    auto cursor = described(text(), "Of the next page; null on the last.");
    cursor["type"] = {"string", "null"};
    return answer_object(
        {{"items", list(refer(schemas::webhook_delivery), limits::deliveries_page_size.max)},
         {"next_cursor", std::move(cursor)}});
}

[[nodiscard]] schema make_redelivery()
{
    return request_object(
        {{"event_ids",
          described(list(integer(limits::event_id), limits::redelivered_events),
                    "Those of these events that were given up; all when it is left out."),
          optional}});
}

[[nodiscard]] schema make_redelivered() { return answer_object({{"redelivered", count()}}); }

}  // namespace

namespace schemas {

named_schema const new_webhook{"NewWebhook", make_new_webhook};
named_schema const webhook_change{"WebhookChange", make_webhook_change};
named_schema const webhook{"Webhook", make_webhook};
named_schema const shown_webhook{"ShownWebhook", make_shown_webhook};
named_schema const webhooks{"Webhooks", make_webhooks};
named_schema const webhook_message{"WebhookMessage", make_webhook_message};
named_schema const webhook_test{"WebhookTest", make_webhook_test};
named_schema const delivery_state{"DeliveryState", make_delivery_state};
named_schema const delivery_cursor{"DeliveryCursor", make_delivery_cursor};
named_schema const webhook_delivery{"WebhookDelivery", make_webhook_delivery};
named_schema const delivery_page{"DeliveryPage", make_delivery_page};
named_schema const redelivery{"Redelivery", make_redelivery};
named_schema const redelivered{"Redelivered", make_redelivered};

}  // namespace schemas
}  // namespace aircargo::server::docs
