#pragma once

#include "raised.hpp"
#include <initializer_list>
#include <string>

namespace aircargo::python {

/// Refuses an object that can not be what it is used as.
inline void need_methods(py::handle object, char const* what,
                         std::initializer_list<char const*> methods)
{
    for (auto const* method : methods) {
        if (py::hasattr(object, method)) continue;
        throw py::type_error(std::string(Py_TYPE(object.ptr())->tp_name) + " is no " + what +
                             ": it has no method '" + method + "'");
    }
}

}  // namespace aircargo::python
