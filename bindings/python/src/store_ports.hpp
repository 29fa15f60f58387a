#pragma once

#include "raised.hpp"
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/flight_store.hpp>
#include <memory>

namespace aircargo::python {

/// The store that an object is: one of the library's, or one of the caller's own in Python.
/// \throws py::type_error for an object without the methods of one
[[nodiscard]] std::shared_ptr<any_booking_store> booking_store_in(py::object object);
[[nodiscard]] std::shared_ptr<any_flight_store> flight_store_in(py::object object);

/// The library's store in the form that is shared with Python.
template <class Port>
[[nodiscard]] std::shared_ptr<Port> shared(std::unique_ptr<Port> port)
{
    return std::shared_ptr<Port>(std::move(port));
}

}  // namespace aircargo::python
