#include "routes.hpp"
#include "bind.hpp"
#include <algorithm>
#include <tuple>

namespace aircargo::python {
namespace {

/// The place of a journey in an order, as `itinerary_key` has it.
[[nodiscard]] itinerary_key key_of_journey(journey const& j, route_order order,
                                           flight_cost const& cost)
{
    std::vector<flight_number> numbers;
    std::vector<flight_id> ids;
    std::int64_t value = 0;
    for (auto const& f : j.flights) {
        numbers.push_back(f.number);
        ids.push_back(f.id);
        if (order == route_order::cost && cost) {
            value += cost(
                {f.id, f.number, f.airline_name, f.origin, f.destination, f.departure, f.arrival});
        }
    }
    auto const departure = j.first().departure;
    auto const arrival = j.last().arrival;
    if (order == route_order::departure) value = to_epoch(departure);
    if (order == route_order::duration) value = (arrival - departure).count();
    return {arrival, departure, std::move(numbers), std::move(ids), value};
}

[[nodiscard]] std::vector<journey> journeys_of(std::vector<itinerary> const& all)
{
    std::vector<journey> made;
    made.reserve(all.size());
    for (auto const& i : all) made.push_back(journey_of(i));
    return made;
}

[[nodiscard]] py::tuple tuple_of(std::vector<journey> const& all)
{
    py::tuple out(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = py::cast(all[i]);
    return out;
}

[[nodiscard]] journey item(routes& self, py::ssize_t nth)
{
    auto const size = static_cast<py::ssize_t>(self.size());
    if (nth < 0) nth += size;
    if (nth < 0 || nth >= size) throw py::index_error("there are fewer routes");
    return self.at(static_cast<std::size_t>(nth));
}

[[nodiscard]] py::tuple slice(routes& self, py::slice const& which)
{
    py::ssize_t start = 0;
    py::ssize_t stop = 0;
    py::ssize_t step = 0;
    py::ssize_t count = 0;
    if (!which.compute(static_cast<py::ssize_t>(self.size()), &start, &stop, &step, &count))
        throw py::error_already_set();
    py::tuple out(count);
    for (py::ssize_t i = 0; i < count; ++i) out[i] = py::cast(item(self, start + i * step));
    return out;
}

[[nodiscard]] py::object shown_by(char const* function, py::object const& self)
{
    return py::module_::import("aircargo._tables").attr(function)(self);
}

}  // namespace

flight flight_of(flight_view const& f)
{
    return {f.id,        f.number, std::string(f.airline_name), f.origin, f.destination,
            f.departure, f.arrival};
}

journey journey_of(itinerary const& i)
{
    journey j;
    for (std::size_t leg = 0; leg <= i.stops(); ++leg)
        j.flights.push_back(flight_of(i.flight(leg)));
    return j;
}

routes::routes(std::shared_ptr<schedule const> keep, route_answer const& answer,
               route_query const& query)
    : found_(found{std::move(keep), answer.direct, answer.transit, query.cost}),
      summary_{answer.direct_total, answer.transit_total, answer.more, std::nullopt, std::nullopt},
      order_(query.order),
      direct_size_(answer.direct.size()),
      transit_size_(answer.transit.size())
{
    if (answer.reason) summary_.reason = std::string(name_of(*answer.reason));
}

routes::routes(std::vector<journey> direct, std::vector<journey> transit, route_summary summary,
               route_order order)
    : made_(std::make_unique<made>(made{std::move(direct), std::move(transit)})),
      summary_(std::move(summary)),
      order_(order),
      direct_size_(made_->direct.size()),
      transit_size_(made_->transit.size())
{
    put_in_order(*made_, {});
}

journey const& routes::at(std::size_t nth) { return *journeys().in_order[nth]; }

routes::made& routes::journeys()
{
    if (!made_) {
        auto all =
            std::make_unique<made>(made{journeys_of(found_->direct), journeys_of(found_->transit)});
        put_in_order(*all, found_->cost);
        made_ = std::move(all);
        found_.reset();
    }
    return *made_;
}

void routes::put_in_order(made& all, flight_cost const& cost) const
{
    std::vector<std::pair<itinerary_key, journey const*>> keyed;
    keyed.reserve(size());
    for (auto const* list : {&all.direct, &all.transit}) {
        for (auto const& j : *list) keyed.emplace_back(key_of_journey(j, order_, cost), &j);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    for (auto const& [key, j] : keyed) all.in_order.push_back(j);
}

void bind_routes(py::module_& m)
{
    py::class_<routes>(m, "Routes",
                       R"(What a search found: a sequence of `Itinerary`, the best first.

Direct flights and connections stand together in the order that was asked for; `direct` and `transit` are the two lists
by themselves, each cut at the limit. Shows itself as a table in a notebook.

Parameters
----------
direct, transit : sequence of Itinerary
    In the order of the search.
direct_total, transit_total : int, default 0
more : bool, default False
reason : str, optional
next_cursor : str, optional
order : {"arrival", "departure", "duration"}, default "arrival"
)")
        .def(py::init([](std::vector<journey> direct, std::vector<journey> transit,
                         std::size_t direct_total, std::size_t transit_total, bool more,
                         std::optional<std::string> reason, std::optional<std::string> next_cursor,
                         std::string const& order) {
                 auto const as = order == "departure"  ? route_order::departure
                                 : order == "duration" ? route_order::duration
                                                       : route_order::arrival;
                 return routes(
                     std::move(direct), std::move(transit),
                     {direct_total, transit_total, more, std::move(reason), std::move(next_cursor)},
                     as);
             }),
             py::arg("direct"), py::arg("transit"), py::kw_only(), py::arg("direct_total") = 0,
             py::arg("transit_total") = 0, py::arg("more") = false, py::arg("reason") = py::none(),
             py::arg("next_cursor") = py::none(), py::arg("order") = "arrival")
        .def("__len__", &routes::size)
        .def("__getitem__", &item, py::arg("index"))
        .def("__getitem__", &slice, py::arg("index"))
        .def("__repr__", [](py::object const& self) { return shown_by("line_of", self); })
        .def("__str__", [](py::object const& self) { return shown_by("text_of", self); })
        .def("_repr_html_", [](py::object const& self) { return shown_by("html_of", self); })
        .def_property_readonly(
            "direct", [](routes& r) { return tuple_of(r.direct()); }, "Direct flights; a tuple.")
        .def_property_readonly(
            "transit", [](routes& r) { return tuple_of(r.transit()); },
            "Itineraries with a stop, or more if that was allowed; a tuple.")
        .def_property_readonly(
            "direct_total", [](routes const& r) { return r.summary().direct_total; },
            "How many direct flights there are, whatever the limit.")
        .def_property_readonly(
            "transit_total", [](routes const& r) { return r.summary().transit_total; },
            "How many itineraries with one stop there are, whatever the limit.")
        .def_property_readonly(
            "more", [](routes const& r) { return r.summary().more; },
            "Whether a list was cut at the limit.")
        .def_property_readonly(
            "reason", [](routes const& r) { return r.summary().reason; },
            "Why there is no route, such as ``needs_more_stops``; None where there is one.")
        .def_property_readonly(
            "next_cursor", [](routes const& r) { return r.summary().next_cursor; },
            "Where a server's next page begins; None at the end, and of a schedule's answer.");
}

}  // namespace aircargo::python
