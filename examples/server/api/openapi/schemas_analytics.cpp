#include "api/openapi/schemas.hpp"
#include <aircargo/booking/status.hpp>
#include <aircargo/store/booking_figures.hpp>
#include <string>
#include <utility>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

/// Something with a number of bookings and their weight.
[[nodiscard]] schema sum_of(std::vector<member> names)
{
    names.push_back({"bookings", count()});
    names.push_back({"weight_kg", amount()});
    return answer_object(names);
}

[[nodiscard]] schema make_analytics()
{
    std::vector<member> statuses;
    for (auto name : names_of(aircargo::booking_status::booked))
        statuses.push_back({name, count()});
    auto const transit = answer_object({
        {"arrived", described(count(), "Bookings that arrived at their destination.")},
        {"read", described(count(),
                           "Of these, so many are in the mean: all, or of more than "
                           "20,000 a sample from the whole time.")},
        {"mean_minutes",
         described(count(), "From the first departure to the arrival; if any was read."), optional},
    });
    return answer_object({
        {"from", refer(schemas::day)},
        {"to", refer(schemas::day)},
        {"as_of", described(refer(schemas::instant), "When the numbers were so.")},
        {"bookings", count()},
        {"weight_kg", amount()},
        {"by_day", list(sum_of({{"day", refer(schemas::day)}}), limits::analytics_days, 1)},
        {"popular_routes", described(list(sum_of({{"origin", refer(schemas::airport_code)},
                                                  {"destination", refer(schemas::airport_code)}}),
                                          figures_query{}.lanes),
                                     "The lanes with the most bookings, most first.")},
        {"by_status", described(answer_object(statuses), "As the bookings stand now.")},
        {"transit", transit},
    });
}

}  // namespace

namespace schemas {

named_schema const analytics{"Analytics", make_analytics};

}  // namespace schemas
}  // namespace aircargo::server::docs
