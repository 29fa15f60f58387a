#pragma once

#include "shared_schedule.hpp"
#include <pybind11/pybind11.h>

namespace aircargo::python {

/// The searches of Python's `Schedule`.
void add_searches(py::class_<shared_schedule>& to);

}  // namespace aircargo::python
