#include "bind.hpp"
#include "value_class.hpp"
#include <aircargo/service/booking_service.hpp>
#include <aircargo/store/booking_list.hpp>
#include <algorithm>
#include <string_view>

namespace aircargo::python {
namespace {

constexpr std::size_t longest_key = 255;

/// The key as stores keep it. The fingerprint is the whole request in one line, so that the same
/// key with any other request is found out.
[[nodiscard]] std::optional<idempotency_key> key_for(std::optional<clean_text> const& given,
                                                     std::string const& actor,
                                                     std::string_view what, std::string fingerprint)
{
    if (!given) return std::nullopt;
    if (given->value.empty() || given->value.size() > longest_key) {
        raise(refuse(errc::invalid_request,
                     "an idempotency key has 1 to " + std::to_string(longest_key) + " bytes"));
    }
    return idempotency_key{actor + ' ' + std::string(what), given->value, std::move(fingerprint)};
}

[[nodiscard]] std::string text_of(flight_id id)
{
    return ' ' + std::to_string(static_cast<std::int64_t>(id));
}

[[nodiscard]] std::string fingerprint_of(book_request const& r)
{
    auto out = std::string(r.origin.str()) + ' ' + std::string(r.destination.str()) + ' ' +
               std::to_string(r.pieces) + ' ' + std::to_string(r.gross.grams());
    for (auto id : r.flights) out += text_of(id);
    return out + '\n' + r.note.notes;
}

[[nodiscard]] std::string fingerprint_of(act_request const& r)
{
    auto out = r.ref.str() + ' ' + (r.location ? std::string(r.location->str()) : "-");
    out += r.flight ? text_of(*r.flight) : " -";
    out += r.off_plan ? " off" : " on";
    out += r.if_revision ? ' ' + std::to_string(*r.if_revision) : " -";
    return out + '\n' + r.note.notes;
}

/// Numbers that no booking can have are kept near those that can; the library refuses them.
[[nodiscard]] std::int32_t as_pieces(whole_number n)
{
    constexpr std::int64_t most = booking_terms::max_pieces;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(n.value, 0, most + 1));
}

[[nodiscard]] book_request make_book(airport_code origin, airport_code destination,
                                     whole_number pieces, weight gross,
                                     std::vector<flight_id> flights, clean_text notes,
                                     clean_text actor, clean_text request_id,
                                     std::optional<clean_text> key)
{
    book_request r{origin, destination, as_pieces(pieces), gross, std::move(flights)};
    r.note = {std::move(notes.value), std::move(actor.value), std::move(request_id.value)};
    r.key = key_for(key, r.note.actor, "book", fingerprint_of(r));
    return r;
}

[[nodiscard]] act_request make_act(booking_ref ref, booking_act act,
                                   std::optional<airport_code> location,
                                   std::optional<flight_id> flight, bool off_plan,
                                   std::optional<whole_number> if_revision, clean_text notes,
                                   clean_text actor, clean_text request_id,
                                   std::optional<clean_text> key)
{
    act_request r{ref, act, location, flight, off_plan};
    if (if_revision) r.if_revision = if_revision->value;
    r.note = {std::move(notes.value), std::move(actor.value), std::move(request_id.value)};
    r.key = key_for(key, r.note.actor, name_of(act), fingerprint_of(r));
    return r;
}

template <class Request>
[[nodiscard]] std::optional<std::string> key_of(Request const& r)
{
    return r.key ? std::optional(r.key->key) : std::nullopt;
}

/// What all requests have.
template <class Request>
void add_notes(value_class<Request>& shown)
{
    shown
        .field(
            "notes", [](Request const& r) { return r.note.notes; }, "To stand beside the fact.")
        .field(
            "actor", [](Request const& r) { return r.note.actor; }, "Who says so.")
        .field(
            "request_id", [](Request const& r) { return r.note.request_id; },
            "What brings it, for the record.")
        .field("idempotency_key", &key_of<Request>, "Makes sending it twice do it once.");
}

void bind_book_request(py::module_& m)
{
    value_class<book_request> shown(m, "BookingRequest", R"(Asks for a new booking.

Parameters
----------
origin, destination : str
    IATA airport codes, different ones.
pieces : int
    Physical units, 1 to 100,000.
weight_kg : int or float
    Gross weight in kilograms, to the gram; more than 0 and at most 1,000,000.
flights : sequence of int, default ()
    Numbers of stored flights that lead from origin to destination; none when no route is chosen yet.
notes, actor, request_id : str, default ""
    For the record; notes have at most 2,000 bytes as UTF-8.
idempotency_key : str, optional
    The same key with the same request does it once within 48 hours, and answers the same each time.

Raises
------
InvalidInputError
    If a code or weight is not one.
)");
    shown
        .made_by(&make_book, py::arg("origin"), py::arg("destination"), py::arg("pieces"),
                 py::arg("weight_kg"), py::arg("flights") = py::tuple(), py::arg("notes") = "",
                 py::arg("actor") = "", py::arg("request_id") = "",
                 py::arg("idempotency_key") = py::none())
        .field(
            "origin", [](book_request const& r) { return r.origin; }, "Where from.")
        .field(
            "destination", [](book_request const& r) { return r.destination; }, "Where to.")
        .field(
            "pieces", [](book_request const& r) { return r.pieces; }, "Physical units.")
        .field(
            "weight_kg",
            [](book_request const& r) { return static_cast<double>(r.gross.grams()) / 1000; },
            "Gross weight in kilograms.")
        .field(
            "flights", [](book_request const& r) { return py::tuple(py::cast(r.flights)); },
            "Numbers of the flights.");
    add_notes(shown);
}

void bind_act_request(py::module_& m)
{
    value_class<act_request> shown(
        m, "ActRequest",
        R"(Asks for an act on a booking. What is left out is taken from its itinerary.

Parameters
----------
ref : str
    The booking.
act : Act
    ``"depart"``, ``"arrive"``, ``"deliver"`` or ``"cancel"``.
location : str, optional
    IATA code of the airport where it happens.
flight : int, optional
    Number of the stored flight; only of depart and arrive.
off_plan : bool, default False
    Record the fact although it is not on the itinerary.
if_revision : int, optional
    Act only while the booking has this revision.
notes, actor, request_id : str, default ""
    For the record; notes have at most 2,000 bytes as UTF-8.
idempotency_key : str, optional
    The same key with the same request does it once within 48 hours, and answers the same each time.

Raises
------
InvalidInputError
    If the reference, the act or a code is not one.
)");
    shown
        .made_by(&make_act, py::arg("ref"), py::arg("act"), py::arg("location") = py::none(),
                 py::arg("flight") = py::none(), py::arg("off_plan") = false,
                 py::arg("if_revision") = py::none(), py::arg("notes") = "", py::arg("actor") = "",
                 py::arg("request_id") = "", py::arg("idempotency_key") = py::none())
        .field(
            "ref", [](act_request const& r) { return r.ref; }, "The booking.")
        .field(
            "act", [](act_request const& r) { return r.act; }, "What is done to it.")
        .field(
            "location", [](act_request const& r) { return r.location; }, "Where it happens.")
        .field(
            "flight", [](act_request const& r) { return r.flight; }, "Number of the flight.")
        .field(
            "off_plan", [](act_request const& r) { return r.off_plan; },
            "Whether it may be off the itinerary.")
        .field(
            "if_revision", [](act_request const& r) { return r.if_revision; },
            "The revision that has to stand.");
    add_notes(shown);
}

[[nodiscard]] list_order order_named(std::string const& name)
{
    if (name == "newest_first") return list_order::newest_first;
    if (name == "oldest_first") return list_order::oldest_first;
    if (name == "by_reference") return list_order::by_reference;
    raise(
        refuse(errc::invalid_request, "order must be newest_first, oldest_first or by_reference"));
}

[[nodiscard]] std::string name_of_order(list_order order)
{
    switch (order) {
        case list_order::newest_first: return "newest_first";
        case list_order::oldest_first: return "oldest_first";
        case list_order::by_reference: return "by_reference";
    }
    return "?";
}

/// A count that the library checks; below 0 it is 0.
[[nodiscard]] std::size_t as_count(whole_number n)
{
    return static_cast<std::size_t>(std::max<std::int64_t>(n.value, 0));
}

[[nodiscard]] booking_query make_query(
    std::optional<booking_status> status, std::optional<airport_code> origin,
    std::optional<airport_code> destination, std::optional<utc_time> created_from,
    std::optional<utc_time> created_to, std::optional<clean_text> prefix, std::string const& order,
    whole_number page_size, clean_text cursor, whole_number count_up_to)
{
    booking_query q{status, origin, destination, created_from, created_to};
    if (prefix) q.prefix = value_or_raise(ref_prefix::parse(prefix->value));
    q.order = order_named(order);
    q.page_size = as_count(page_size);
    q.cursor = std::move(cursor.value);
    q.count_up_to = as_count(count_up_to);
    if (auto refused = invalid(q)) raise(*refused);
    return q;
}

[[nodiscard]] std::optional<std::string> prefix_of(booking_query const& q)
{
    return q.prefix ? std::optional(q.prefix->str()) : std::nullopt;
}

void bind_query(py::module_& m)
{
    value_class<booking_query> shown(
        m, "ListQuery",
        R"(Asks for a page of bookings; every filter left out lets everything through.

Parameters
----------
status : Status, optional
origin, destination : str, optional
    IATA airport codes.
created_from, created_to : datetime.datetime, optional
    Aware; created at this instant or later, and before this instant.
ref_prefix : str, optional
    What references begin with, such as ``"ACB12"``; only in the order of references.
order : {"newest_first", "oldest_first", "by_reference"}
page_size : int, default 50
    1 to 1000.
cursor : str, default ""
    `next_cursor` of the page before.
count_up_to : int, default 10000
    So many matches are counted at most; 0 where nobody looks.

Raises
------
InvalidInputError
    If one of these can not be.
)");
    shown
        .made_by(&make_query, py::arg("status") = py::none(), py::arg("origin") = py::none(),
                 py::arg("destination") = py::none(), py::arg("created_from") = py::none(),
                 py::arg("created_to") = py::none(), py::arg("ref_prefix") = py::none(),
                 py::arg("order") = "newest_first", py::arg("page_size") = 50,
                 py::arg("cursor") = "", py::arg("count_up_to") = 10'000)
        .field(
            "status", [](booking_query const& q) { return q.status; }, "Only those with it.")
        .field(
            "origin", [](booking_query const& q) { return q.origin; }, "Only those from there.")
        .field(
            "destination", [](booking_query const& q) { return q.destination; },
            "Only those to there.")
        .field(
            "created_from", [](booking_query const& q) { return q.created_from; },
            "Only those created then or later.")
        .field(
            "created_to", [](booking_query const& q) { return q.created_to; },
            "Only those created before.")
        .field("ref_prefix", &prefix_of, "Only those whose reference begins with it.")
        .field(
            "order", [](booking_query const& q) { return name_of_order(q.order); }, "Of the list.")
        .field(
            "page_size", [](booking_query const& q) { return q.page_size; }, "At most so many.")
        .field(
            "cursor", [](booking_query const& q) { return q.cursor; },
            "Where the page before ended; empty for the first.")
        .field(
            "count_up_to", [](booking_query const& q) { return q.count_up_to; },
            "So many matches are counted at most.");
    shown.in().def("matches", &matches, py::arg("booking"),
                   "Whether the filters let this booking through.");
}

[[nodiscard]] booking_page make_page(std::vector<booking> items, whole_number total,
                                     bool total_is_exact, clean_text next_cursor)
{
    return {std::move(items), as_count(total), total_is_exact, std::move(next_cursor.value)};
}

void bind_page(py::module_& m)
{
    value_class<booking_page> shown(m, "Page", R"(A page of a list of bookings; iterates over them.

Parameters
----------
items : sequence of Booking
total : int, default 0
    How many match, as far as was counted.
total_is_exact : bool, default False
    Whether those are all.
next_cursor : str, default ""
    Leads on to the next page; empty on the last.
)");
    shown
        .made_by(&make_page, py::arg("items"), py::arg("total") = 0,
                 py::arg("total_is_exact") = false, py::arg("next_cursor") = "")
        .field(
            "items", [](booking_page const& p) { return py::tuple(py::cast(p.items)); },
            "The bookings; a tuple.")
        .field(
            "total", [](booking_page const& p) { return p.total; },
            "How many match, as far as was counted.")
        .field(
            "total_is_exact", [](booking_page const& p) { return p.total_is_exact; },
            "Whether those are all.")
        .field(
            "next_cursor", [](booking_page const& p) { return p.next_cursor; },
            "Leads on to the next page; empty on the last.");
    shown.in()
        .def("__len__", [](booking_page const& p) { return p.items.size(); })
        .def("__iter__", [](booking_page const& p) { return py::iter(py::cast(p.items)); });
}

}  // namespace

void bind_requests(py::module_& m)
{
    bind_book_request(m);
    bind_act_request(m);
    bind_query(m);
    bind_page(m);
}

}  // namespace aircargo::python
