#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {

operation create_webhook()
{
    return {.id = "createWebhook",
            .tag = "Webhooks",
            .summary = "Be told of events",
            .says =
                "Each event of the bookings that are meant, from now on, is sent to the address as "
                "a WebhookMessage, signed as Standard Webhooks has it: at least once, those of one "
                "booking in their order.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::new_webhook)},
            .answers = {{201,
                         "The webhook with its secret.",
                         refer(schemas::shown_webhook),
                         {"Location", "Cache-Control"}}},
            .refusals = {409}};
}

operation list_webhooks()
{
    return {.id = "listWebhooks",
            .tag = "Webhooks",
            .summary = "List webhooks",
            .answers = {{200, "All of them, oldest first.", refer(schemas::webhooks)}}};
}

operation get_webhook()
{
    return {.id = "getWebhook",
            .tag = "Webhooks",
            .summary = "Look at a webhook",
            .answers = {{200, "The webhook.", refer(schemas::webhook)}},
            .refusals = {404}};
}

operation change_webhook()
{
    return {.id = "changeWebhook",
            .tag = "Webhooks",
            .summary = "Change a webhook",
            .says =
                "Which events are meant holds for those that happen from now on. While it is "
                "disabled nothing is sent, and what happens is not sent later either; what was on "
                "its way before goes on when it is enabled again.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::webhook_change)},
            .answers = {{200, "The webhook as it is then.", refer(schemas::webhook)}},
            .refusals = {404}};
}

operation remove_webhook()
{
    return {.id = "removeWebhook",
            .tag = "Webhooks",
            .summary = "Remove a webhook",
            .says = "With all that is on its way to it.",
            .fields = {"Idempotency-Key"},
            .answers = {{204, "Done."}},
            .refusals = {404}};
}

operation test_webhook()
{
    return {.id = "testWebhook",
            .tag = "Webhooks",
            .summary = "Send a test message",
            .says =
                "At once and only once, also to a webhook that is disabled. Eight are sent at a "
                "time; more are refused with 503. With an Idempotency-Key the message has its "
                "`webhook-id` from it.",
            .fields = {"Idempotency-Key"},
            .answers = {{200, "What came of it.", refer(schemas::webhook_test)}},
            .refusals = {404}};
}

operation list_deliveries()
{
    auto const size =
        with_default(integer(limits::deliveries_page_size), limits::default_deliveries_page_size);
    return {
        .id = "listDeliveries",
        .tag = "Webhooks",
        .summary = "See what did not arrive",
        .says = "What has arrived is not kept.",
        .query = {{"state", with_default(refer(schemas::delivery_state), "dead"),
                   "Given up, or still on its way."},
                  {"cursor", refer(schemas::delivery_cursor), "`next_cursor` of the page before."},
                  {"page_size", size, "Deliveries a page."}},
        .answers = {{200, "By event, oldest first.", refer(schemas::delivery_page)}},
        .refusals = {404}};
}

operation redeliver_events()
{
    return {.id = "redeliverEvents",
            .tag = "Webhooks",
            .summary = "Send again what was given up",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::redelivery), false},
            .answers = {{200, "How many.", refer(schemas::redelivered)}},
            .refusals = {404}};
}

}  // namespace aircargo::server::docs
