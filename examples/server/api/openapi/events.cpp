#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

/// One event, as OpenAPI 3.2 describes a stream; 3.1 has no words for it.
[[nodiscard]] schema event_of_stream()
{
    auto data = with_example(text(), "{\"ref_id\":\"ACB12345\",\"seq\":1, ...}");
    data["contentMediaType"] = "application/json";
    data["contentSchema"] = refer(schemas::logged_event);
    return answer_object({{"id", with_example(text(), "4711")}, {"data", std::move(data)}});
}

[[nodiscard]] answer stream()
{
    return {200,
            "Server-Sent Events without an end, each as described. The id is its place in the log. "
            "Comments, and ids without data, say that the connection lives.",
            event_of_stream(),
            {"Cache-Control"},
            "text/event-stream"};
}

}  // namespace

operation stream_events()
{
    auto const code = refer(schemas::airport_code_in);
    return {.id = "streamEvents",
            .tag = "Events",
            .summary = "Follow all bookings",
            .says =
                "What happens from now on, whichever server did it. With Last-Event-ID it goes on "
                "behind that event, however long ago that was: nothing is missed, nothing comes "
                "twice. An id that no event has yet is refused (409, `beyond_the_log`): the store "
                "was set back to a backup, and what the client knows is not what is there.",
            .query = {{"status", refer(schemas::booking_status), "After which it is this."},
                      {"origin", code, "Of bookings from this airport."},
                      {"destination", code, "Of bookings to this airport."}},
            .fields = {"Last-Event-ID"},
            .answers = {stream()},
            .refusals = {409, 429}};
}

operation stream_booking_events()
{
    return {.id = "streamBookingEvents",
            .tag = "Events",
            .summary = "Follow a booking",
            .says =
                "All that happened to it so far, then what happens. With Last-Event-ID only "
                "what is behind that event.",
            .fields = {"Last-Event-ID"},
            .answers = {stream()},
            .refusals = {404, 409, 429}};
}

}  // namespace aircargo::server::docs
