#pragma once

#include "raised.hpp"
#include <aircargo/cache/cache.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <memory>

namespace aircargo::python {

/// The cache or lock manager that an object is: one of the library's, or one of the caller's own in
/// Python. \throws py::type_error for an object without the methods of one
[[nodiscard]] std::shared_ptr<any_cache> cache_in(py::object object);
[[nodiscard]] std::shared_ptr<any_lock_manager> lock_manager_in(py::object object);

}  // namespace aircargo::python
