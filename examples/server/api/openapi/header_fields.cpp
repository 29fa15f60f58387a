#include "api/openapi/header_fields.hpp"

namespace aircargo::server::docs {
namespace {

constexpr std::string_view entity_tag = R"re(^(W/)?"[^"]*"$)re";

}  // namespace

std::vector<parameter> request_fields()
{
    // Printable ASCII; a field's value neither begins nor ends with white space.
    auto key = pattern("^[!-~]([ -~]*[!-~])?$");
    key["minLength"] = 1;
    key["maxLength"] = limits::idempotency_key_bytes;
    return {
        {"Idempotency-Key", with_example(std::move(key), "booking-4711"),
         "Makes it safe to send the request again: it is done once, and answered as it was first, "
         "for 48 hours. A request that was refused is decided anew. With another request the key "
         "is refused (422). Draw it at random, such as a UUID: part of what protects a secret in "
         "an answer that is kept is that nobody can guess it."},
        {"If-Match",
         with_example(with_format(pattern(R"re(^([*]|(W/)?"[^"]*")$)re"), "entity-tag"), "\"3\""),
         "The ETag that the booking must still have, else 412."},
        {"If-None-Match", with_example(text(), "\"3\""),
         "ETags that the client has: then 304 and no body."},
        {"X-Aircargo-Page", one_of({"1"}),
         "Says that the server's own page sends it; other sites' pages can not.", true},
        {"Last-Event-ID", with_example(integer(limits::event_id), 4711),
         "The id of the last event that the client has."},
    };
}

std::vector<parameter> answer_fields()
{
    return {
        {"X-Request-ID", text(), "The request's, or else made up; it is in the log too."},
        {"traceparent", pattern("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"),
         "Of the trace that the request's traceparent named (W3C Trace Context), or else a new "
         "one; "
         "its trace-id is in the log too."},
        {"ETag", with_example(pattern(entity_tag), "\"3\""), "Of what is answered."},
        {"Location", with_example(text(), "/api/v1/bookings/ACB12345"), "Where the new one is."},
        {"Link", with_example(text(), "</api/v1/bookings?cursor=1764667200-4711>; rel=\"next\""),
         "Where the `next` page is, the `first`, and of pages by number the `prev` (RFC 8288)."},
        {"Cache-Control", text(), "Who may keep the answer."},
        {"Set-Cookie", text(), "The cookies of the session, given or taken away."},
        {"WWW-Authenticate", text(), "How to say who asks (RFC 6750)."},
        {"RateLimit", with_example(text(), "\"address\";r=9;t=51"),
         "What is left of the limit: `r` requests, and after `t` seconds all of them."},
        {"RateLimit-Policy", with_example(text(), "\"address\";q=10;w=60"),
         "The limit: `q` requests in `w` seconds."},
        {"Retry-After", integer({0, 86'400}), "Seconds to wait."},
    };
}

}  // namespace aircargo::server::docs
