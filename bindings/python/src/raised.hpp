#pragma once

#include <pybind11/pybind11.h>
#include <exception>
#include <memory>
#include <utility>

namespace aircargo::python {

namespace py = pybind11;

/// A Python object that C++ may copy and drop on any thread, with or without the GIL.
class shared_object {
public:
    /// \pre the GIL is held
    explicit shared_object(py::object object)
        : object_(object.release().ptr(), [](PyObject* dropped) {
              if (!Py_IsInitialized()) return;  // the process ends
              py::gil_scoped_acquire const gil;
              Py_DECREF(dropped);
          })
    {}

    [[nodiscard]] py::handle get() const noexcept { return object_.get(); }

private:
    std::shared_ptr<PyObject> object_;
};

/// An exception of Python code that C++ called, on its way through C++ to the caller in Python,
/// where the same object is raised again.
class raised : public std::exception {
public:
    explicit raised(py::object exception) : exception_(std::move(exception)) {}

    [[nodiscard]] char const* what() const noexcept override
    {
        return "Python code of a store, cache or lock raised an exception";
    }
    /// \pre the GIL is held
    [[nodiscard]] py::object exception() const
    {
        return py::reinterpret_borrow<py::object>(exception_.get());
    }

private:
    shared_object exception_;
};

/// Raises `exception` as it is, with the traceback that it has.
[[noreturn]] inline void raise_object(py::handle exception)
{
    PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
    throw py::error_already_set();
}

/// Whether this thread is within Python code that the library called.
[[nodiscard]] inline int& depth_of_ports() noexcept
{
    thread_local int depth = 0;
    return depth;
}

/// Runs `work`, which calls Python, with the GIL. Its result holds nothing of Python's.
/// \throws raised instead of what Python raised
template <class Work>
auto in_python(Work work)
{
    struct counted {
        counted() { ++depth_of_ports(); }
        ~counted() { --depth_of_ports(); }
    };
    py::gil_scoped_acquire const gil;
    counted const inside;
    try {
        return work();
    } catch (py::error_already_set const& e) {
        // pybind11 keeps the traceback beside the exception; here it goes on with it.
        if (e.trace()) PyException_SetTraceback(e.value().ptr(), e.trace().ptr());
        throw raised(e.value());
    } catch (py::builtin_exception const& e) {  // C++ did not like what Python answered
        e.set_error();
        throw raised(py::error_already_set().value());
    }
}

}  // namespace aircargo::python
