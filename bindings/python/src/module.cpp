#include "bind.hpp"
#include "casters.hpp"

namespace aircargo::python {
namespace {

/// The library's threads and the classes that C++ remembers belong to one interpreter. Python 3.11
/// hands another one the module without making it anew, so the package asks too.
void need_main_interpreter()
{
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return;
    throw py::import_error("aircargo works in the main interpreter only, not in a subinterpreter");
}

void bind_all(py::module_& m)
{
    need_main_interpreter();
    m.def("_need_main_interpreter", &need_main_interpreter);
    load_datetime();
    m.attr("__version__") = AIRCARGO_VERSION;
    bind_classes(m);
    bind_bookings(m);
    bind_columns(m);
    bind_flights(m);
    bind_requests(m);
    bind_routes(m);
    bind_schedule(m);
    bind_stores(m);
    bind_caches_and_locks(m);
    bind_cargo(m);
#ifdef AIRCARGO_WITH_POSTGRES
    bind_postgres(m);
#endif
#ifdef AIRCARGO_WITH_REDIS
    bind_redis(m);
#endif
}

}  // namespace
}  // namespace aircargo::python

PYBIND11_MODULE(_core, m)
{
    m.doc() = "The compiled part of aircargo. Use the package, not this.";
    aircargo::python::bind_all(m);
}
