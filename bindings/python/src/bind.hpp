#pragma once

#include <pybind11/pybind11.h>

/// What the module is made of: one function and one source a topic.
namespace aircargo::python {

void bind_bookings(pybind11::module_& m);
void bind_caches_and_locks(pybind11::module_& m);
void bind_cargo(pybind11::module_& m);
void bind_classes(pybind11::module_& m);
void bind_columns(pybind11::module_& m);
void bind_flights(pybind11::module_& m);
void bind_postgres(pybind11::module_& m);
void bind_redis(pybind11::module_& m);
void bind_requests(pybind11::module_& m);
void bind_routes(pybind11::module_& m);
void bind_schedule(pybind11::module_& m);
void bind_stores(pybind11::module_& m);

}  // namespace aircargo::python
