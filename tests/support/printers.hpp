#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <aircargo/routing/flight.hpp>
#include <gtest/gtest.h>
#include <optional>
#include <ostream>
#include <string>

/// How GoogleTest shows our types when a test fails.
namespace aircargo {

inline void PrintTo(errc code, std::ostream* out) { *out << name_of(code); }
inline void PrintTo(airport_code code, std::ostream* out) { *out << code.str(); }
inline void PrintTo(flight_number const& n, std::ostream* out) { *out << n.str(); }
inline void PrintTo(booking_ref const& ref, std::ostream* out) { *out << ref.str(); }
inline void PrintTo(weight w, std::ostream* out) { *out << w.grams() << " g"; }
inline void PrintTo(booking_status s, std::ostream* out) { *out << name_of(s); }
inline void PrintTo(booking_act a, std::ostream* out) { *out << name_of(a); }
inline void PrintTo(event_type t, std::ostream* out) { *out << name_of(t); }
inline void PrintTo(flight_id id, std::ostream* out)
{
    *out << "flight " << static_cast<std::int64_t>(id);
}

inline void PrintTo(flight const& f, std::ostream* out)
{
    *out << f.number.str() << ' ' << f.origin.str() << ' ' << to_string(f.departure) << ' '
         << f.destination.str() << ' ' << to_string(f.arrival) << " (" << f.airline_name << ", id "
         << static_cast<std::int64_t>(f.id) << ')';
}

inline void PrintTo(leg const& l, std::ostream* out)
{
    *out << l.number.str() << ' ' << l.origin.str() << '-' << l.destination.str();
}

inline void PrintTo(booking const& b, std::ostream* out)
{
    *out << b.terms.ref.str() << ' ' << b.terms.origin.str() << '-' << b.terms.destination.str()
         << ' ' << b.terms.pieces << " pieces " << b.terms.gross.grams() << " g, "
         << b.terms.legs.size() << " legs, " << name_of(b.status) << " at "
         << (b.at ? b.at->str() : "-") << ", next leg " << b.next_leg
         << (b.misrouted ? ", misrouted" : "") << ", revision " << b.revision << ", created "
         << to_string(b.created_at) << ", updated " << to_string(b.updated_at);
}

inline void PrintTo(event const& e, std::ostream* out)
{
    *out << e.seq << ' ' << name_of(e.type) << ' ' << name_of(e.previous) << "->"
         << name_of(e.status) << " at " << (e.location ? e.location->str() : "-") << " on "
         << (e.flight ? e.flight->number.str() : "-") << (e.off_plan ? " off plan" : "") << " '"
         << e.notes << "' by '" << e.actor << "' in '" << e.request_id << "' "
         << to_string(e.created_at);
}

inline void PrintTo(lease const& l, std::ostream* out) { *out << "lease of " << l.name; }

/// Boost's own `<<` wants every value to have one.
template <class T>
void PrintTo(result<T> const& r, std::ostream* out)
{
    if (r.has_value()) {
        *out << ::testing::PrintToString(*r);
    } else {
        *out << "refused, " << r.error();
    }
}

namespace test {

/// The code of a refusal; nothing for a value. `EXPECT_EQ(code_of(answer), errc::not_found)` is one
/// statement.
template <class T>
std::optional<errc> code_of(result<T> const& answer)
{
    return answer.has_error() ? std::optional(answer.error().code) : std::nullopt;
}

/// The sentence of a refusal; empty for a value.
template <class T>
std::string detail_of(result<T> const& answer)
{
    return answer.has_error() ? answer.error().detail : std::string();
}

/// What `code_of` answers for a value.
inline constexpr std::optional<errc> accepted{};

}  // namespace test
}  // namespace aircargo
