#include "classes.hpp"
#include "answers.hpp"
#include "bind.hpp"
#include "casters.hpp"
#include <cstddef>
#include <string>

namespace aircargo::python {

python_classes& classes()
{
    static python_classes known;
    return known;
}

namespace {

/// Puts the members of a sequence where C++ finds them.
template <std::size_t Size>
void keep(py::sequence const& from, std::array<py::handle, Size>& to)
{
    if (from.size() != Size) throw py::value_error("aircargo._values does not fit aircargo._core");
    for (std::size_t i = 0; i < Size; ++i) to[i] = py::object(from[i]).release();
}

void adopt(py::type airport, py::type ref, py::sequence const& statuses, py::sequence const& acts,
           py::sequence const& event_types, py::sequence const& errors)
{
    auto& known = classes();
    known.airport_code = airport.release();
    known.booking_ref = ref.release();
    keep(statuses, known.statuses);
    keep(acts, known.acts);
    keep(event_types, known.event_types);
    keep(errors, known.errors);
}

}  // namespace

void bind_classes(py::module_& m)
{
    m.def("_adopt", adopt);
    m.def(
        "parse_airport_code", [](airport_code code) { return std::string(code.str()); },
        py::arg("text"), "The code in upper case, as a plain str.");
    m.def(
        "parse_booking_ref", [](booking_ref const& ref) { return ref.str(); }, py::arg("text"),
        "The reference as it is stored, as a plain str.");
}

py::object exception_of(error const& e)
{
    auto const name = name_of(e.code);
    auto const detail = py::reinterpret_steal<py::object>(PyUnicode_DecodeUTF8(
        e.detail.data(), static_cast<py::ssize_t>(e.detail.size()), "replace"));
    auto const kind = static_cast<std::size_t>(group_of(e.code));
    return classes().errors[kind](detail, py::str(name.data(), name.size()));
}

void raise(error const& e) { raise_object(exception_of(e)); }

namespace {

[[nodiscard]] std::optional<errc> code_named(std::string_view name)
{
    for (int i = 1; name_of(errc(i)) != "unknown"; ++i) {
        if (name_of(errc(i)) == name) return errc(i);
    }
    return std::nullopt;
}

}  // namespace

std::optional<error> refusal_in(py::handle exception)
{
    for (auto of_ours : classes().errors) {
        if (!py::isinstance(exception, of_ours)) continue;
        auto const code = code_named(py::cast<std::string>(exception.attr("code")));
        if (code) return refuse(*code, py::cast<std::string>(exception.attr("detail")));
    }
    return std::nullopt;
}

}  // namespace aircargo::python
