#include "answers.hpp"
#include "bind.hpp"
#include "store_ports.hpp"
#include "value_class.hpp"
#include <aircargo/core/ref_block.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/store/sqlite.hpp>
#include <cstring>

namespace aircargo::python {
namespace {

[[nodiscard]] change make_change(booking after, event fact, std::optional<idempotency_key> key)
{
    return {std::move(after), std::move(fact), std::move(key)};
}

[[nodiscard]] idempotency_key make_key(clean_text scope, clean_text key, clean_text fingerprint)
{
    return {std::move(scope.value), std::move(key.value), std::move(fingerprint.value)};
}

[[nodiscard]] ref_block make_refs(std::string const& secret, whole_number first, whole_number count)
{
    ref_key key{};
    if (secret.size() != sizeof key)
        raise(refuse(errc::invalid_request, "the secret of references has 16 bytes"));
    if (first.value < 0 || count.value < 0)
        raise(refuse(errc::invalid_request, "references are counted from 0"));
    std::memcpy(key.data(), secret.data(), sizeof key);
    return {key, static_cast<std::uint64_t>(first.value), static_cast<std::uint64_t>(count.value)};
}

void bind_change(py::module_& m)
{
    value_class<idempotency_key>(
        m, "IdempotencyKey",
        R"(A caller's name for one request, so that sending it twice does it once.

Parameters
----------
scope : str
    Whose key and for what; keys of different scopes never meet.
key : str
    As the caller chose it.
fingerprint : str
    Of the request; the same key with another one is a mismatch.
)")
        .made_by(&make_key, py::arg("scope"), py::arg("key"), py::arg("fingerprint"))
        .field(
            "scope", [](idempotency_key const& k) { return k.scope; }, "Whose key and for what.")
        .field(
            "key", [](idempotency_key const& k) { return k.key; }, "As the caller chose it.")
        .field(
            "fingerprint", [](idempotency_key const& k) { return k.fingerprint; },
            "Of the request.");

    value_class<change>(m, "Change", R"(One decided fact on its way into a store.

Parameters
----------
after : Booking
    The booking with the fact folded in.
fact : Event
    ``fact.seq`` is the revision that it was decided on, plus one: 1 makes a new booking.
key : IdempotencyKey, optional
    To be stored together with it.
)")
        .made_by(&make_change, py::arg("after"), py::arg("fact"), py::arg("key") = py::none())
        .field(
            "after", [](change const& c) { return c.after; }, "The booking with the fact.")
        .field(
            "fact", [](change const& c) { return c.fact; }, "What happened.")
        .field(
            "key", [](change const& c) { return c.key; }, "To be stored together with it.");
}

void bind_refs(py::module_& m)
{
    py::class_<ref_block>(m, "RefBlock", R"(A run of booking references that a store hands out once.

Parameters
----------
secret : bytes
    16 random bytes, drawn once for all references of a store and kept with them.
first : int
    How many references were handed out before.
count : int
    How many these are.
)")
        .def(py::init([](py::bytes const& secret, whole_number first, whole_number count) {
                 return make_refs(secret, first, count);
             }),
             py::arg("secret"), py::arg("first"), py::arg("count"))
        .def("__len__", &ref_block::size)
        .def(
            "take",
            [](ref_block& block) {
                if (block.empty()) throw py::index_error("no reference is left");
                return block.take();
            },
            "Takes the next reference.");
}

/// Methods of stores answer lists of values, with an exception in place of an entry that is
/// refused.
void bind_booking_store(py::module_& m)
{
    py::class_<any_booking_store, std::shared_ptr<any_booking_store>>(
        m, "BookingStore",
        "A store of the library. Its methods are those that a store in Python has.")
        .def(
            "apply",
            [](any_booking_store& s, std::vector<change> const& changes) {
                return list_of(without_gil([&] { return s.apply(changes); }));
            },
            py::arg("changes"), "See `aircargo.ports.BookingStore`.")
        .def(
            "answers",
            [](any_booking_store& s, std::vector<idempotency_key> const& keys, utc_time now) {
                return list_of(without_gil([&] { return s.answers(keys, now); }));
            },
            py::arg("keys"), py::arg("now"), "See `aircargo.ports.BookingStore`.")
        .def(
            "find",
            [](any_booking_store& s, std::vector<booking_ref> const& refs) {
                return list_of(without_gil([&] { return s.find(refs); }));
            },
            py::arg("refs"), "See `aircargo.ports.BookingStore`.")
        .def(
            "history",
            [](any_booking_store& s, std::vector<booking_ref> const& refs) {
                return list_of(without_gil([&] { return s.history(refs); }));
            },
            py::arg("refs"), "See `aircargo.ports.BookingStore`.")
        .def(
            "list",
            [](any_booking_store& s, booking_query const& query) {
                return value_or_raise(without_gil([&] { return s.list(query); }));
            },
            py::arg("query"), "See `aircargo.ports.BookingStore`.")
        .def(
            "reserve_refs",
            [](any_booking_store& s, whole_number count) {
                auto const wanted =
                    static_cast<std::uint64_t>(std::max<std::int64_t>(count.value, 0));
                return value_or_raise(without_gil([&] { return s.reserve_refs(wanted); }));
            },
            py::arg("count"), "See `aircargo.ports.BookingStore`.");
}

void bind_flight_store(py::module_& m)
{
    py::class_<any_flight_store, std::shared_ptr<any_flight_store>>(
        m, "FlightStore",
        "A store of the library. Its methods are those that a store in Python has.")
        .def(
            "upsert",
            [](any_flight_store& s, std::vector<flight> const& flights) {
                return value_or_raise(without_gil([&] { return s.upsert(flights); }));
            },
            py::arg("flights"), "See `aircargo.ports.FlightStore`.")
        .def(
            "load",
            [](any_flight_store& s, std::optional<utc_time> from, std::optional<utc_time> until) {
                flight_window const window{from.value_or(utc_time::min()),
                                           until.value_or(utc_time::max())};
                return value_or_raise(without_gil([&] { return s.load(window); }));
            },
            py::arg("departure_from") = py::none(), py::arg("departure_until") = py::none(),
            "See `aircargo.ports.FlightStore`.")
        .def(
            "find",
            [](any_flight_store& s, std::vector<flight_id> const& ids) {
                return list_of(without_gil([&] { return s.find(ids); }));
            },
            py::arg("ids"), "See `aircargo.ports.FlightStore`.")
        .def(
            "version",
            [](any_flight_store& s) {
                return value_or_raise(without_gil([&] { return s.version(); }));
            },
            "See `aircargo.ports.FlightStore`.");
}

/// The stores of one file.
[[nodiscard]] py::tuple open_sqlite(std::string const& path)
{
    auto const database = value_or_raise(without_gil([&] { return sqlite_database::open(path); }));
    return py::make_tuple(shared(make_booking_store<sqlite_booking_store>(database)),
                          shared(make_flight_store<sqlite_flight_store>(database)));
}

[[nodiscard]] py::tuple open_memory()
{
    return py::make_tuple(shared(make_booking_store<memory_booking_store>()),
                          shared(make_flight_store<memory_flight_store>()));
}

}  // namespace

void bind_stores(py::module_& m)
{
    bind_change(m);
    bind_refs(m);
    bind_booking_store(m);
    bind_flight_store(m);
    m.def("open_memory", &open_memory, "(booking store, flight store) in memory.");
    m.def("open_sqlite", &open_sqlite, py::arg("path"), "(booking store, flight store) of a file.");
}

}  // namespace aircargo::python
