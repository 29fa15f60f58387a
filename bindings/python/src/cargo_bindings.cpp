#include "bind.hpp"
#include "cargo.hpp"
#include "cargo_flights.hpp"
#include "mailbox.hpp"
#include "side_ports.hpp"
#include "store_ports.hpp"
#include "value_class.hpp"
#include <string>

namespace aircargo::python {

[[nodiscard]] static booking_request request_from(py::handle from)
{
    if (py::isinstance<book_request>(from)) return py::cast<book_request>(from);
    if (py::isinstance<act_request>(from)) return py::cast<act_request>(from);
    throw py::type_error(std::string("a change is a BookingRequest or an ActRequest, not ") +
                         Py_TYPE(from.ptr())->tp_name);
}

}  // namespace aircargo::python

template <>
class pybind11::detail::type_caster<aircargo::booking_request>
    : public aircargo_caster<aircargo::booking_request, aircargo::python::request_from> {
public:
    static constexpr auto name = const_name("BookingRequest | ActRequest");
};

namespace aircargo::python {
namespace {

[[nodiscard]] std::unique_ptr<cargo> open(py::object bookings, py::object flights, py::object cache,
                                          py::object locks)
{
    return std::make_unique<cargo>(
        ports{booking_store_in(std::move(bookings)), flight_store_in(std::move(flights)),
              cache_in(std::move(cache)), lock_manager_in(std::move(locks))});
}

[[nodiscard]] py::object write(cargo& c, booking_request request)
{
    return value_or_raise(c.waiting([&](desk& d) { return d.writes.call(std::move(request)); }));
}

/// Lets Ctrl-C stop what takes long between two batches.
void heed_signals()
{
    py::gil_scoped_acquire const gil;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

[[nodiscard]] py::list write_many(cargo& c, std::vector<booking_request> const& requests)
{
    return list_of(c.waiting([&](desk& d) { return d.write_many(requests, heed_signals); }));
}

[[nodiscard]] py::list find(cargo& c, std::vector<booking_ref> const& refs)
{
    return list_of(c.waiting([&](desk& d) { return d.tracking.find(refs); }));
}

[[nodiscard]] py::list track(cargo& c, std::vector<booking_ref> const& refs)
{
    return list_of(c.waiting([&](desk& d) { return d.track(refs); }));
}

[[nodiscard]] booking_page list(cargo& c, booking_query const& query)
{
    return value_or_raise(c.waiting([&](desk& d) { return d.tracking.list(query); }));
}

/// Hands a request in; the answer goes to the mailbox.
template <class Funnel, class Request>
void submit(cargo& c, Funnel desk::*into, Request request, std::shared_ptr<mailbox> answers,
            mailbox::ticket to)
{
    c.at_once([&](desk& d) {
        (d.*into).submit(std::move(request), [answers = std::move(answers), to](auto answer) {
            answers->put(to, [answer = std::move(answer)] { return value_or_exception(answer); });
        });
        return 0;
    });
}

[[nodiscard]] py::dict counts(cargo& c)
{
    auto const counted = c.at_once([](desk& d) { return d.writes.counts(); });
    py::dict out;
    out["requests"] = counted.requests;
    out["batches"] = counted.batches;
    out["batched"] = counted.batched;
    out["waiting"] = counted.waiting;
    out["refused"] = counted.refused;
    out["retries"] = counted.retries;
    return out;
}

[[nodiscard]] py::tuple tuple_of(std::vector<event> const& history)
{
    py::tuple out(history.size());
    for (std::size_t i = 0; i < history.size(); ++i) out[i] = py::cast(history[i]);
    return out;
}

void bind_tracked(py::module_& m)
{
    value_class<tracked>(m, "Tracked",
                         R"(A booking together with the events that made it what it is.

Parameters
----------
booking : Booking
history : sequence of Event
    Oldest first; the last one made the booking's revision.
)")
        .made_by(
            [](booking now, std::vector<event> history) {
                return tracked{std::move(now), std::move(history)};
            },
            py::arg("booking"), py::arg("history"))
        .field(
            "booking", [](tracked const& t) { return t.now; }, "As it stands.")
        .field(
            "history", [](tracked const& t) { return tuple_of(t.history); },
            "All its events, oldest first; a tuple.");
}

void bind_mailbox(py::module_& m)
{
    py::class_<mailbox, std::shared_ptr<mailbox>>(m, "Mailbox",
                                                  "Answers on their way to an event loop.")
        .def(py::init<py::object>(), py::arg("wake"))
        .def("take", &mailbox::take,
             "All that have come: pairs of ticket and answer or exception.");
}

/// What a port in Python raised is raised again as it is.
void raise_again(std::exception_ptr thrown)
{
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (raised const& e) {
        auto const exception = e.exception();
        PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
    }
}

}  // namespace

void bind_cargo(py::module_& m)
{
    py::register_local_exception_translator(&raise_again);
    bind_tracked(m);
    bind_mailbox(m);
    py::class_<cargo> shown(m, "Cargo", "The services over a store, a cache and locks.");
    shown
        .def(py::init(&open), py::arg("bookings"), py::arg("flights"), py::arg("cache"),
             py::arg("locks"))
        .def("close", &cargo::close, "Waits for calls that are under way and joins the threads.")
        .def_property_readonly("closed", &cargo::is_closed, "Whether it was closed.")
        .def("write", &write, py::arg("request"),
             "Does one change, in a batch with other callers'.")
        .def("write_many", &write_many, py::arg("requests"),
             "Does many changes as one batch; exceptions stand in place of refused entries.")
        .def("find", &find, py::arg("refs"), "One booking or exception an entry.")
        .def("track", &track, py::arg("refs"), "One Tracked or exception an entry.")
        .def("list", &list, py::arg("query"), "A page of bookings.")
        .def("counts", &counts, "How changes were gathered into batches since the start.")
        .def(
            "submit_write",
            [](cargo& c, booking_request request, std::shared_ptr<mailbox> answers,
               mailbox::ticket to) {
                submit(c, &desk::writes, std::move(request), std::move(answers), to);
            },
            py::arg("request"), py::arg("answers"), py::arg("ticket"), "Hands in one change.")
        .def(
            "submit_find",
            [](cargo& c, booking_ref ref, std::shared_ptr<mailbox> answers, mailbox::ticket to) {
                submit(c, &desk::finds, ref, std::move(answers), to);
            },
            py::arg("ref"), py::arg("answers"), py::arg("ticket"), "Asks for one booking.")
        .def(
            "submit_track",
            [](cargo& c, booking_ref ref, std::shared_ptr<mailbox> answers, mailbox::ticket to) {
                submit(c, &desk::tracks, ref, std::move(answers), to);
            },
            py::arg("ref"), py::arg("answers"), py::arg("ticket"),
            "Asks for one booking and its history.");
    bind_import_report(m);
    bind_cargo_flights(shown);
}

}  // namespace aircargo::python
