#pragma once

#include "cargo.hpp"
#include <pybind11/pybind11.h>

namespace aircargo::python {

void bind_import_report(py::module_& m);
/// The methods of `_core.Cargo` that are about flights.
void bind_cargo_flights(py::class_<cargo>& shown);

}  // namespace aircargo::python
