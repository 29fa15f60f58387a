#pragma once

#include "casters.hpp"
#include <concepts>
#include <utility>

namespace aircargo::python {

/// A class of frozen values that are compared, hashed, shown, pickled, copied and matched by their
/// fields. The constructor takes the fields in the order in which they are listed, so that
/// unpickling checks what it is given like any other caller.
template <class T>
class value_class {
public:
    template <class... Extra>
    value_class(py::module_& m, char const* name, Extra const&... extra) : class_(m, name, extra...)
    {
        class_.def("__eq__", &equal, py::arg("other"), py::is_operator());
        class_.def("__hash__", [](py::handle self) { return py::hash(fields_of(self)); });
        class_.def("__repr__", &shown);
        class_.def("__reduce__", [](py::handle self) {
            return py::make_tuple(py::type::of(self), fields_of(self));
        });
        class_.def("__copy__", [](py::object self) { return self; });
        class_.def(
            "__deepcopy__", [](py::object self, py::handle) { return self; }, py::arg("memo"));
        class_.def("__replace__", &replaced);
    }

    /// The constructor.
    template <class Make, class... Extra>
    value_class& made_by(Make&& make, Extra const&... extra)
    {
        class_.def(py::init(std::forward<Make>(make)), extra...);
        return *this;
    }
    template <class Get>
    value_class& field(char const* name, Get&& get, char const* doc)
    {
        fields_ = fields_ + py::make_tuple(name);
        class_.attr("__match_args__") = fields_;
        return derived(name, std::forward<Get>(get), doc);
    }
    /// A property that follows from the fields.
    template <class Get>
    value_class& derived(char const* name, Get&& get, char const* doc)
    {
        class_.def_property_readonly(name, std::forward<Get>(get), doc);
        return *this;
    }

    [[nodiscard]] py::class_<T>& in() noexcept { return class_; }

private:
    [[nodiscard]] static py::tuple names() { return py::type::of<T>().attr("__match_args__"); }

    [[nodiscard]] static py::tuple fields_of(py::handle self)
    {
        auto const all = names();
        py::tuple values(all.size());
        for (std::size_t i = 0; i < all.size(); ++i) values[i] = self.attr(py::str(all[i]));
        return values;
    }

    [[nodiscard]] static py::object equal(T const& self, py::handle other)
    {
        if (!py::isinstance<T>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
        if constexpr (std::equality_comparable<T>)
            return py::bool_(self == py::cast<T const&>(other));
        return py::bool_(fields_of(py::cast(self)).equal(fields_of(other)));
    }

    [[nodiscard]] static std::string shown(py::handle self)
    {
        auto out = py::cast<std::string>(py::type::of(self).attr("__name__")) + '(';
        char const* between = "";
        for (auto name : names()) {
            out += std::string(std::exchange(between, ", ")) + py::cast<std::string>(name) + '=' +
                   py::cast<std::string>(py::repr(self.attr(py::str(name))));
        }
        return out + ')';
    }

    [[nodiscard]] static py::object replaced(py::handle self, py::kwargs const& changes)
    {
        py::dict values;
        for (auto name : names()) values[name] = self.attr(py::str(name));
        values.attr("update")(changes);
        return py::type::of(self)(**values);
    }

    py::class_<T> class_;
    py::tuple fields_;
};

}  // namespace aircargo::python
