#include "api/flight_output.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
#include "api/limits.hpp"
#include "api/links.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include "api/query_input.hpp"
#include "api/schedule_view.hpp"
#include "api/search_input.hpp"
#include "text.hpp"
#include <aircargo/routing/flight_list.hpp>
#include <aircargo/world/time_zones.hpp>
#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

void refuse_with(exchange& x, field_errors const& errors)
{
    x.answer(make_reply(to_problem(errors), x.in()));
}

[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = failed == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

// ------------------------------------------------------------------------------------------- lists

/// `1764667200-AI101-4711`; without a flight `1764667200`.
[[nodiscard]] std::string cursor_of(flight_place_in_list const& place)
{
    auto text = std::to_string(to_epoch(place.departure));
    if (place.flight) {
        auto const& [number, id] = *place.flight;
        text.append("-").append(number.str()).append("-");
        text += std::to_string(static_cast<std::int64_t>(id));
    }
    return text;
}

[[nodiscard]] result<flight_place_in_list> parse_cursor(std::string_view text)
{
    auto const first = text.find('-', 1);
    auto const second = first == std::string_view::npos ? first : text.find('-', first + 1);
    auto const seconds = text.size() <= limits::flight_cursor_bytes
                             ? whole_number(text.substr(0, first))
                             : std::nullopt;
    if (seconds && first == std::string_view::npos)
        return flight_place_in_list{from_epoch(*seconds)};
    if (seconds && second != std::string_view::npos) {
        auto const number = flight_number::parse(text.substr(first + 1, second - first - 1));
        auto const id = whole_number(text.substr(second + 1));
        if (number && id)
            return flight_place_in_list{from_epoch(*seconds), std::pair(*number, flight_id(*id))};
    }
    return refuse(errc::invalid_request, "is not a cursor that a list of flights gave");
}

/// The day at the origin, or in UTC; and the instants, where they are narrower.
void read_times(flight_list_query& q, request const& r, field_errors& errors)
{
    auto const day = parameter(r, "departure_date", errors, parse_date);
    auto const zone = parameter(r, "zone", errors, parse_zone);
    auto const from = parameter(r, "departure_from", errors, parse_utc_time);
    auto const to = parameter(r, "departure_to", errors, parse_utc_time);
    if (zone && !day) errors.add("zone", "needs a departure_date");
    if (zone == day_of::origin && !q.origin) errors.add("zone", "origin needs an origin");
    if (!errors.empty()) return;
    if (day) {
        bool const local = q.origin && zone != day_of::utc;
        auto const window = local ? day_at(*q.origin, *day) : result<day_window>(utc_day(*day));
        if (!window) return errors.add("departure_date", window.error());
        q.departure_from = window->start;
        q.departure_to = window->end;
    }
    q.departure_from = std::max(q.departure_from, from.value_or(q.departure_from));
    q.departure_to = std::min(q.departure_to, to.value_or(q.departure_to));
}

[[nodiscard]] flight_list_query read_query(request const& r, field_errors& errors)
{
    flight_list_query q;
    q.origin = parameter(r, "origin", errors, airport_code::parse);
    q.destination = parameter(r, "destination", errors, airport_code::parse);
    q.number = parameter(r, "flight_number", errors, flight_number::parse);
    auto const size = parameter(r, "page_size", errors, integer_within{limits::flights_page_size});
    if (size) q.limit = static_cast<std::size_t>(*size);
    q.after = parameter(r, "cursor", errors, parse_cursor);
    read_times(q, r, errors);
    return q;
}

// ----------------------------------------------------------------------------------------- imports

[[nodiscard]] result<bool> parse_truth(std::string_view text)
{
    if (text == "true") return true;
    if (text == "false") return false;
    return refuse(errc::invalid_request, "must be true or false");
}

/// In strict mode one bad line refuses all.
[[nodiscard]] problem strict_refusal(import_report const& report)
{
    field_errors lines;
    for (auto const& bad : report.bad_lines)
        lines.add("lines[" + std::to_string(bad.line) + ']', bad.reason);
    auto p = to_problem(lines);
    p.code = name_of(errc::invalid_request);
    p.detail = "nothing was imported, since " + std::to_string(report.bad) + " of " +
               std::to_string(report.lines) + " lines are bad";
    return p;
}

void log_import(request const& r, import_report const& report)
{
    log_info(
        names_of(r), "flights.imported",
        {{"flights", std::to_string(report.imported)}, {"bad_lines", std::to_string(report.bad)}});
}

}  // namespace

void list_flights(app& a, exchange_ptr x, path_arguments const&)
{
    field_errors errors;
    auto const query = read_query(x->in(), errors);
    if (!errors.empty()) return refuse_with(*x, errors);
    auto const now = schedule_view::now(a.routes());
    reply out;
    out.with("ETag", now.etag);
    if (client_has(x->in(), now.etag)) {
        out.status = 304;
        return x->answer(std::move(out));
    }
    auto const page = aircargo::list_flights(*now.flights, query);
    auto const next = page.next ? cursor_of(*page.next) : std::string();
    out.with("Link", page_links(x->in(), next));
    out.body = flights_json(page.flights, query.limit, next);
    x->answer(std::move(out));
}

void get_flight(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const id = integer_within{limits::id}(arguments[0]);
    if (!id) {
        field_errors errors;
        errors.add("id", id.error());
        return refuse_with(*x, errors);
    }
    auto const answer = [](request const& r, result<flight> const& found) {
        if (!found) return make_reply(to_problem(found.error()), r);
        reply out{.body = flight_json(*found)};
        auto const etag = '"' + sha256(out.body).substr(0, 16) + '"';
        out.with("ETag", etag);
        if (!client_has(r, etag)) return out;
        out.status = 304;
        out.body.clear();
        return out;
    };
    a.schedule().finds.submit(flight_id(*id), reply_with(std::move(x), answer));
}

/// The same again changes nothing, so it need not be kept together with its answer.
void import_flights(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    field_errors errors;
    auto const strict = parameter(in, "strict", errors, parse_truth).value_or(false);
    auto key = read_write_key(in, (strict ? "strict\n" : "\n") + in.body, errors);
    if (!errors.empty()) return refuse_with(*x, errors);

    auto const plan = [&a, &in, strict]() -> result<planned_write> {
        auto const report = std::make_shared<import_report>();
        return planned_write{.apply =
                                 [&a, &in, strict, report] {
                                     auto const imported = a.schedule().import(in.body, strict);
                                     if (!imported)
                                         return make_reply(to_problem(imported.error()), in);
                                     if (strict && imported->bad > 0)
                                         return make_reply(strict_refusal(*imported), in);
                                     *report = *imported;
                                     return reply{.body = import_report_json(*imported)};
                                 },
                             .afterwards = [&in, report] { log_import(in, *report); },
                             .together = false};
    };
    answer_once(a, a.schedule().import_work(), std::move(x), std::move(key), plan);
}

}  // namespace aircargo::server
