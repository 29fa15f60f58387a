#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/error.hpp>
#include <pybind11/pybind11.h>
#include <array>

namespace aircargo::python {

namespace py = pybind11;

/// Classes that are written in Python and that C++ makes values and exceptions of.
/// `aircargo._values` hands them in when it is imported; they live until the process ends.
struct python_classes {
    py::handle airport_code;
    py::handle booking_ref;
    std::array<py::handle, 5> statuses;     ///< by `booking_status`
    std::array<py::handle, 4> acts;         ///< by `booking_act`
    std::array<py::handle, 5> event_types;  ///< by `event_type`
    std::array<py::handle, 6> errors;       ///< by `errc_group`
};

[[nodiscard]] python_classes& classes();

/// The exception that stands for a refusal; not raised yet. \pre the GIL is held
[[nodiscard]] py::object exception_of(error const& e);
[[noreturn]] void raise(error const& e);

/// The value, or the refusal as an exception.
template <class T>
[[nodiscard]] T value_or_raise(result<T> answer)
{
    if (answer.has_error()) raise(answer.error());
    return *std::move(answer);
}

}  // namespace aircargo::python
