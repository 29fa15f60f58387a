#include "service/codec.hpp"
#include <nlohmann/json.hpp>

namespace aircargo::detail {
namespace {

using json = nlohmann::json;

// Every entry is an array that starts with the number of its form; a change of form takes a new
// number.
constexpr int booking_form = 1;
constexpr int history_form = 2;

[[nodiscard]] std::string to_bytes(json const& value)
{
    std::string out;
    json::to_cbor(value, out);
    return out;
}

[[nodiscard]] json write(std::optional<airport_code> const& code)
{
    return code ? json(std::string(code->str())) : json();
}

[[nodiscard]] json write(leg const& l)
{
    return json::array({static_cast<std::int64_t>(l.flight), std::string(l.number.str()),
                        std::string(l.origin.str()), std::string(l.destination.str()),
                        to_epoch(l.departure), to_epoch(l.arrival)});
}

[[nodiscard]] json write(event const& e)
{
    auto const flight = e.flight ? json::array({static_cast<std::int64_t>(e.flight->id),
                                                std::string(e.flight->number.str())})
                                 : json();
    return json::array({e.seq, static_cast<int>(e.type), static_cast<int>(e.previous),
                        static_cast<int>(e.status), write(e.location), flight, e.off_plan, e.notes,
                        e.actor, e.request_id, to_epoch(e.created_at)});
}

// The readers throw on anything that they do not expect; `decode` below catches it.

[[nodiscard]] airport_code read_airport(json const& j)
{
    return airport_code::parse(j.get_ref<std::string const&>()).value();
}

[[nodiscard]] std::optional<airport_code> read_place(json const& j)
{
    return j.is_null() ? std::nullopt : std::optional(read_airport(j));
}

[[nodiscard]] flight_number read_number(json const& j)
{
    return flight_number::parse(j.get_ref<std::string const&>()).value();
}

[[nodiscard]] utc_time read_time(json const& j) { return from_epoch(j.get<std::int64_t>()); }

template <class Enum>
[[nodiscard]] Enum read_enum(json const& j)
{
    auto const value = j.get<int>();
    if (value < 0 || value > 4)
        throw std::out_of_range("enum");  // statuses and event types both have five
    return static_cast<Enum>(value);
}

[[nodiscard]] leg read_leg(json const& j)
{
    return {static_cast<flight_id>(j.at(0).get<std::int64_t>()),
            read_number(j.at(1)),
            read_airport(j.at(2)),
            read_airport(j.at(3)),
            read_time(j.at(4)),
            read_time(j.at(5))};
}

[[nodiscard]] event read_event(json const& j)
{
    event e;
    e.seq = j.at(0).get<std::int64_t>();
    e.type = read_enum<event_type>(j.at(1));
    e.previous = read_enum<booking_status>(j.at(2));
    e.status = read_enum<booking_status>(j.at(3));
    e.location = read_place(j.at(4));
    auto const& flight = j.at(5);
    if (!flight.is_null()) {
        e.flight = {static_cast<flight_id>(flight.at(0).get<std::int64_t>()),
                    read_number(flight.at(1))};
    }
    e.off_plan = j.at(6).get<bool>();
    e.notes = j.at(7).get<std::string>();
    e.actor = j.at(8).get<std::string>();
    e.request_id = j.at(9).get<std::string>();
    e.created_at = read_time(j.at(10));
    return e;
}

[[nodiscard]] booking read_booking(json const& j)
{
    booking b{.terms = {booking_ref::parse(j.at(1).get_ref<std::string const&>()).value(),
                        read_airport(j.at(2)), read_airport(j.at(3)), j.at(4).get<std::int32_t>(),
                        weight::from_grams(j.at(5).get<std::int64_t>()).value()}};
    for (auto const& l : j.at(6)) b.terms.legs.push_back(read_leg(l));
    b.status = read_enum<booking_status>(j.at(7));
    b.at = read_place(j.at(8));
    b.next_leg = j.at(9).get<std::size_t>();
    b.misrouted = j.at(10).get<bool>();
    b.created_at = read_time(j.at(11));
    b.updated_at = read_time(j.at(12));
    b.revision = j.at(13).get<std::int64_t>();
    return b;
}

template <class Read>
[[nodiscard]] auto decode(std::string_view bytes, int form, Read read)
    -> std::optional<decltype(read(json()))>
{
    try {
        auto const j = json::from_cbor(bytes);
        if (!j.is_array() || j.at(0) != form) return std::nullopt;
        return read(j);
    } catch (std::exception const&) {
        return std::nullopt;
    }
}

}  // namespace

std::string encode(booking const& b)
{
    json legs = json::array();
    for (auto const& l : b.terms.legs) legs.push_back(write(l));
    return to_bytes(
        json::array({booking_form, b.terms.ref.str(), std::string(b.terms.origin.str()),
                     std::string(b.terms.destination.str()), b.terms.pieces, b.terms.gross.grams(),
                     legs, static_cast<int>(b.status), write(b.at), b.next_leg, b.misrouted,
                     to_epoch(b.created_at), to_epoch(b.updated_at), b.revision}));
}

std::string encode(std::vector<event> const& history)
{
    json events = json::array();
    for (auto const& e : history) events.push_back(write(e));
    return to_bytes(json::array({history_form, events}));
}

std::optional<booking> decode_booking(std::string_view bytes)
{
    return decode(bytes, booking_form, read_booking);
}

std::optional<std::vector<event>> decode_history(std::string_view bytes)
{
    return decode(bytes, history_form, [](json const& j) {
        std::vector<event> history;
        for (auto const& e : j.at(1)) history.push_back(read_event(e));
        return history;
    });
}

}  // namespace aircargo::detail
