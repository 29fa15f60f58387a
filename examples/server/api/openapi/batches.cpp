#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

[[nodiscard]] answer results()
{
    return {207, "What became of each entry, in the same order.", refer(schemas::batch_results)};
}

}  // namespace

operation create_bookings()
{
    return {
        .id = "createBookings",
        .tag = "Bookings",
        .summary = "Book many shipments",
        .says =
            "Each entry is booked or refused for itself. With an Idempotency-Key each entry has "
            "a key of its own, made of that and its place: what was sent again is answered "
            "again, and what did not get through is made. A hundred entries count as one "
            "request.",
        .fields = {"Idempotency-Key"},
        .body = request_body{refer(schemas::new_bookings)},
        .answers = {results()}};
}

operation change_bookings()
{
    return {
        .id = "changeBookings",
        .tag = "Bookings",
        .summary = "Record many acts",
        .says =
            "Each entry is done or refused for itself; those of one booking in the order in "
            "which they stand. An Idempotency-Key works as for many bookings, and `if_revision` "
            "as If-Match does for one. A hundred entries count as one request.",
        .fields = {"Idempotency-Key"},
        .body = request_body{refer(schemas::booking_changes)},
        .answers = {results()}};
}

}  // namespace aircargo::server::docs
