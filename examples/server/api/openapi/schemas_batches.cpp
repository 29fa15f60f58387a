#include "api/openapi/schemas.hpp"
#include <aircargo/booking/status.hpp>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

[[nodiscard]] schema entries_of(named_schema const& entry)
{
    return request_object({{"entries", list(refer(entry), limits::batch_entries, 1)}});
}

[[nodiscard]] schema make_new_bookings() { return entries_of(schemas::new_booking); }
[[nodiscard]] schema make_booking_changes() { return entries_of(schemas::booking_change); }

[[nodiscard]] schema make_booking_change()
{
    return with_example(
        request_object({
            {"ref_id", refer(schemas::booking_ref)},
            {"act", one_of(names_of(aircargo::booking_act::depart))},
            {"if_revision",
             described(integer(limits::id), "Only while the booking is at this revision."),
             optional},
            {"location",
             described(refer(schemas::airport_code_in),
                       "Where; else where the itinerary says. Not of a cancellation."),
             optional},
            {"flight_id",
             described(refer(schemas::flight_id),
                       "On which flight; else on the itinerary's. Not of a cancellation."),
             optional},
            {"off_plan",
             with_default(described(truth(),
                                    "Record the fact although it is not on the itinerary. "
                                    "Not of a cancellation."),
                          false),
             optional},
            {"notes", refer(schemas::notes), optional},
        }),
        {{"ref_id", "ACB12345"}, {"act", "depart"}});
}

[[nodiscard]] schema make_batch_results()
{
    auto const result = answer_object({
        {"status", described(integer({200, 599}), "As if it had been a request of its own.")},
        {"booking", described(refer(schemas::booking), "As it is then; where it went well."),
         optional},
        {"problem", described(refer(schemas::problem), "Why not; where it did not."), optional},
    });
    return answer_object({{"results", list(result, limits::batch_entries, 1)}});
}

}  // namespace

namespace schemas {

named_schema const new_bookings{"NewBookings", make_new_bookings};
named_schema const booking_change{"BookingChange", make_booking_change};
named_schema const booking_changes{"BookingChanges", make_booking_changes};
named_schema const batch_results{"BatchResults", make_batch_results};

}  // namespace schemas
}  // namespace aircargo::server::docs
