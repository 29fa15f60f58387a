#pragma once

#include "classes.hpp"
#include <aircargo/booking/booking.hpp>
#include <aircargo/core/result.hpp>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// How small values go from Python to C++ and back. What has the right type but not the right value
/// is refused with `InvalidInputError`, what has the wrong type with `TypeError`.
namespace aircargo::python {

/// A whole number of any size; what does not fit is the largest or smallest that does, which is
/// then refused as any other number that is too large.
struct whole_number {
    std::int64_t value;
};

/// Text that every store takes: no lone surrogates, no NUL.
struct clean_text {
    std::string value;
};

// From Python. \pre the GIL is held
[[nodiscard]] airport_code airport_from(py::handle from);
[[nodiscard]] booking_ref ref_from(py::handle from);
[[nodiscard]] flight_number flight_number_from(py::handle from);
[[nodiscard]] flight_id flight_id_from(py::handle from);
[[nodiscard]] utc_time time_from(
    py::handle from);  ///< an aware datetime; fractions of a second are cut off
[[nodiscard]] weight weight_from(py::handle kg);  ///< kilograms, to the gram
[[nodiscard]] booking_status status_from(py::handle from);
[[nodiscard]] booking_act act_from(py::handle from);
[[nodiscard]] event_type event_type_from(py::handle from);
[[nodiscard]] whole_number whole_number_from(py::handle from);
[[nodiscard]] clean_text text_from(py::handle from);

// To Python. \pre the GIL is held
[[nodiscard]] py::object to_python(airport_code code);
[[nodiscard]] py::object to_python(booking_ref const& ref);
[[nodiscard]] py::object to_python(flight_number const& number);
[[nodiscard]] py::object to_python(flight_id id);
[[nodiscard]] py::object to_python(utc_time t);  ///< aware, UTC
[[nodiscard]] py::object to_python(booking_status status);
[[nodiscard]] py::object to_python(booking_act act);
[[nodiscard]] py::object to_python(event_type type);
[[nodiscard]] py::object to_python(whole_number n);
[[nodiscard]] py::object to_python(clean_text const& text);
[[nodiscard]] py::object to_python(weight w);  ///< whole kilograms, rounded up

/// Makes ready what times are made of; before any of the above.
void load_datetime();

}  // namespace aircargo::python

namespace pybind11::detail {

/// Reads with `From`, which throws instead of trying another overload.
template <class T, T (*From)(handle)>
class aircargo_caster {
public:
    bool load(handle from, bool)
    {
        value_ = From(from);
        return true;
    }
    static handle cast(T const& value, return_value_policy, handle)
    {
        return aircargo::python::to_python(value).release();
    }

    operator T&() { return *value_; }
    template <class>
    using cast_op_type = T&;

private:
    std::optional<T> value_;
};

#define AIRCARGO_CASTER(type, from, shown)                         \
    template <>                                                    \
    class type_caster<type> : public aircargo_caster<type, from> { \
    public:                                                        \
        static constexpr auto name = const_name(shown);            \
    }

AIRCARGO_CASTER(aircargo::airport_code, aircargo::python::airport_from, "str");
AIRCARGO_CASTER(aircargo::booking_ref, aircargo::python::ref_from, "str");
AIRCARGO_CASTER(aircargo::flight_number, aircargo::python::flight_number_from, "str");
AIRCARGO_CASTER(aircargo::flight_id, aircargo::python::flight_id_from, "int");
AIRCARGO_CASTER(aircargo::utc_time, aircargo::python::time_from, "datetime.datetime");
AIRCARGO_CASTER(aircargo::weight, aircargo::python::weight_from, "float");
AIRCARGO_CASTER(aircargo::booking_status, aircargo::python::status_from, "str");
AIRCARGO_CASTER(aircargo::booking_act, aircargo::python::act_from, "str");
AIRCARGO_CASTER(aircargo::event_type, aircargo::python::event_type_from, "str");
AIRCARGO_CASTER(aircargo::python::whole_number, aircargo::python::whole_number_from, "int");
AIRCARGO_CASTER(aircargo::python::clean_text, aircargo::python::text_from, "str");

#undef AIRCARGO_CASTER

}  // namespace pybind11::detail
