#include "casters.hpp"
#include <datetime.h>
#include <chrono>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

namespace aircargo::python {
namespace {

[[noreturn]] void wrong_type(char const* wanted, py::handle got)
{
    throw py::type_error(std::string(wanted) + ", not " + Py_TYPE(got.ptr())->tp_name);
}

/// The text as it lies in the object. \throws `InvalidInputError` for lone surrogates
[[nodiscard]] std::string_view view_of(py::handle from, char const* wanted)
{
    if (!PyUnicode_Check(from.ptr())) wrong_type(wanted, from);
    py::ssize_t size = 0;
    char const* const text = PyUnicode_AsUTF8AndSize(from.ptr(), &size);
    if (text) return {text, static_cast<std::size_t>(size)};
    PyErr_Clear();
    raise(refuse(errc::invalid_request, "a text with lone surrogates can not be written as UTF-8"));
}

/// An instance of a class that is derived from str, made without its own checks.
[[nodiscard]] py::object text_of_class(py::handle type, std::string_view text)
{
    auto const arguments = py::make_tuple(py::str(text.data(), text.size()));
    auto* const made = PyUnicode_Type.tp_new(reinterpret_cast<PyTypeObject*>(type.ptr()),
                                             arguments.ptr(), nullptr);
    if (!made) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(made);
}

template <class Parse>
[[nodiscard]] auto named(py::handle from, char const* wanted, Parse parse)
{
    auto const text = view_of(from, wanted);
    auto const found = parse(text);
    if (!found) raise(refuse(errc::invalid_request, quoted(text) + " is not " + wanted));
    return *found;
}

/// How far the clock is ahead of UTC.
[[nodiscard]] std::chrono::microseconds offset_of(py::handle time)
{
    auto const offset = time.attr("utcoffset")();
    if (offset.is_none()) {
        raise(refuse(
            errc::invalid_time,
            "a datetime needs a time zone, such as datetime.timezone.utc; this one is naive"));
    }
    return std::chrono::days(PyDateTime_DELTA_GET_DAYS(offset.ptr())) +
           std::chrono::seconds(PyDateTime_DELTA_GET_SECONDS(offset.ptr())) +
           std::chrono::microseconds(PyDateTime_DELTA_GET_MICROSECONDS(offset.ptr()));
}

}  // namespace

airport_code airport_from(py::handle from)
{
    return value_or_raise(
        airport_code::parse(view_of(from, "an airport code is a str such as 'DEL'")));
}

booking_ref ref_from(py::handle from)
{
    return value_or_raise(
        booking_ref::parse(view_of(from, "a booking reference is a str such as 'ACB12345'")));
}

flight_number flight_number_from(py::handle from)
{
    return value_or_raise(
        flight_number::parse(view_of(from, "a flight number is a str such as 'AI101'")));
}

flight_id flight_id_from(py::handle from) { return flight_id(whole_number_from(from).value); }

whole_number whole_number_from(py::handle from)
{
    if (!PyIndex_Check(from.ptr())) wrong_type("a whole number is needed", from);
    auto const number = py::reinterpret_steal<py::object>(PyNumber_Index(from.ptr()));
    if (!number) throw py::error_already_set();
    int overflow = 0;
    auto const value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
    if (overflow > 0) return {std::numeric_limits<std::int64_t>::max()};
    if (overflow < 0) return {std::numeric_limits<std::int64_t>::min()};
    return {value};
}

weight weight_from(py::handle kg)
{
    if (PyIndex_Check(kg.ptr()))
        return value_or_raise(weight::from_kg(whole_number_from(kg).value));
    double const value = PyFloat_AsDouble(kg.ptr());
    if (PyErr_Occurred()) {
        PyErr_Clear();
        wrong_type("a weight is a number of kilograms", kg);
    }
    // What is not a number, or too large for one of ours, is refused as 0 is.
    bool const readable = std::isfinite(value) && std::abs(value) <= 1e9;
    return value_or_raise(weight::from_grams(readable ? std::llround(value * 1000) : 0));
}

utc_time time_from(py::handle from)
{
    using namespace std::chrono;
    if (!PyDateTime_Check(from.ptr())) wrong_type("a time is an aware datetime", from);
    auto* const t = from.ptr();
    sys_days const day = year(PyDateTime_GET_YEAR(t)) /
                         month(static_cast<unsigned>(PyDateTime_GET_MONTH(t))) /
                         std::chrono::day(static_cast<unsigned>(PyDateTime_GET_DAY(t)));
    auto const clock = hours(PyDateTime_DATE_GET_HOUR(t)) + minutes(PyDateTime_DATE_GET_MINUTE(t)) +
                       seconds(PyDateTime_DATE_GET_SECOND(t)) +
                       microseconds(PyDateTime_DATE_GET_MICROSECOND(t));
    bool const is_utc = PyDateTime_DATE_GET_TZINFO(t) == PyDateTime_TimeZone_UTC;
    auto const instant = floor<seconds>(day + clock - (is_utc ? microseconds(0) : offset_of(from)));
    // An offset can lead out of the years that a datetime can show.
    bool const shown =
        instant >= sys_days(year(1) / 1 / 1) && instant < sys_days(year(10000) / 1 / 1);
    if (!shown) raise(refuse(errc::invalid_time, "a time is in the years 1 to 9999 of UTC"));
    return instant;
}

booking_status status_from(py::handle from)
{
    return named(from, "a status such as 'BOOKED'", parse_booking_status);
}

booking_act act_from(py::handle from)
{
    return named(from, "an act: depart, arrive, deliver or cancel",
                 [](std::string_view text) -> std::optional<booking_act> {
                     for (auto act : all_booking_acts) {
                         if (name_of(act) == text) return act;
                     }
                     return std::nullopt;
                 });
}

event_type event_type_from(py::handle from)
{
    return named(from, "a type of event such as 'BOOKED'", parse_event_type);
}

clean_text text_from(py::handle from)
{
    auto const text = view_of(from, "a text is a str");
    if (!is_clean_utf8(text)) raise(refuse(errc::invalid_request, "a text must not contain NUL"));
    return {std::string(text)};
}

/// The same object for the same airport: a list of bookings names few of them many times.
py::object to_python(airport_code code)
{
    static std::vector<PyObject*> made(airport_code::index_count);  // kept until the process ends
    auto& kept = made[code.index()];
    if (!kept) kept = text_of_class(classes().airport_code, code.str()).release().ptr();
    return py::reinterpret_borrow<py::object>(kept);
}

py::object to_python(booking_ref const& ref)
{
    return text_of_class(classes().booking_ref, ref.str());
}

py::object to_python(flight_number const& number)
{
    return py::str(number.str().data(), number.str().size());
}

py::object to_python(flight_id id) { return py::int_(static_cast<std::int64_t>(id)); }
py::object to_python(whole_number n) { return py::int_(n.value); }
py::object to_python(clean_text const& text) { return py::str(text.value); }
py::object to_python(weight w) { return py::int_(w.kg()); }

py::object to_python(utc_time t)
{
    using namespace std::chrono;
    auto const day = floor<days>(t);
    date const shown(day);
    hh_mm_ss const clock(t - day);
    auto* const made = PyDateTimeAPI->DateTime_FromDateAndTime(
        static_cast<int>(shown.year()), static_cast<int>(static_cast<unsigned>(shown.month())),
        static_cast<int>(static_cast<unsigned>(shown.day())),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), 0, PyDateTime_TimeZone_UTC,
        PyDateTimeAPI->DateTimeType);
    if (!made) throw py::error_already_set();
    return py::reinterpret_steal<py::object>(made);
}

py::object to_python(booking_status status)
{
    return py::reinterpret_borrow<py::object>(classes().statuses[static_cast<std::size_t>(status)]);
}

py::object to_python(booking_act act)
{
    return py::reinterpret_borrow<py::object>(classes().acts[static_cast<std::size_t>(act)]);
}

py::object to_python(event_type type)
{
    return py::reinterpret_borrow<py::object>(
        classes().event_types[static_cast<std::size_t>(type)]);
}

void load_datetime() { PyDateTime_IMPORT; }

}  // namespace aircargo::python
