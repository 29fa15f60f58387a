#include "api/analytics_output.hpp"
#include "api/json_writer.hpp"
#include <algorithm>
#include <chrono>

namespace aircargo::server {
namespace {

/// Kilograms with a fraction only where there is one.
[[nodiscard]] std::string kilograms(std::int64_t grams)
{
    constexpr std::int64_t per_kg = 1000;
    auto text = std::to_string(grams / per_kg);
    if (auto const rest = grams % per_kg; rest != 0)
        text += '.' + std::to_string(per_kg + rest).substr(1);
    return text;
}

void write_sum(json_writer& out, booking_sum const& sum)
{
    out.member("bookings", sum.bookings).key("weight_kg").raw(kilograms(sum.grams));
}

void write_days(json_writer& out, day_span const& span, booking_figures const& figures)
{
    auto next = figures.days.begin();
    out.key("by_day").begin_array();
    for (auto day = std::chrono::sys_days(span.first); day <= std::chrono::sys_days(span.last);
         day += std::chrono::days(1)) {
        bool const told = next != figures.days.end() && next->day == date(day);
        out.begin_object().member("day", to_string(date(day)));
        write_sum(out, told ? (next++)->sum : booking_sum());
        out.end_object();
    }
    out.end_array();
}

void write_lanes(json_writer& out, booking_figures const& figures)
{
    out.key("popular_routes").begin_array();
    for (auto const& lane : figures.lanes) {
        out.begin_object()
            .member("origin", lane.origin.str())
            .member("destination", lane.destination.str());
        write_sum(out, lane.sum);
        out.end_object();
    }
    out.end_array();
}

void write_statuses(json_writer& out, booking_figures const& figures)
{
    out.key("by_status").begin_object();
    for (std::size_t s = 0; s < figures.by_status.size(); ++s)
        out.member(name_of(static_cast<booking_status>(s)), figures.by_status[s]);
    out.end_object();
}

void write_transit(json_writer& out, booking_figures::transit_sum const& transit)
{
    out.key("transit").begin_object().member("arrived", transit.arrived);
    out.member("read", transit.read);
    if (transit.read > 0)
        out.member("mean_minutes", std::chrono::floor<std::chrono::minutes>(transit.mean).count());
    out.end_object();
}

}  // namespace

std::string analytics_json(day_span const& span, dated_figures const& dated)
{
    auto const& figures = dated.figures;
    booking_sum all;
    for (auto const& d : figures.days) {
        all.bookings += d.sum.bookings;
        all.grams += d.sum.grams;
    }
    std::string text;
    json_writer out(text);
    out.begin_object()
        .member("from", to_string(span.first))
        .member("to", to_string(span.last))
        .member("as_of", to_string(dated.as_of));
    write_sum(out, all);
    write_days(out, span, figures);
    write_lanes(out, figures);
    write_statuses(out, figures);
    write_transit(out, figures.transit);
    out.end_object();
    return text;
}

}  // namespace aircargo::server
