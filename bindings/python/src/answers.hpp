#pragma once

#include "casters.hpp"
#include "raised.hpp"
#include <aircargo/core/result.hpp>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

/// Answers of the library as Python gets them, and of Python code as the library gets them.
namespace aircargo::python {

/// What a call gave where Python code may have raised instead.
template <class T>
struct answered {
    std::variant<T, raised> is;
};

/// The value as an object, or the exception that stands in its place. \pre the GIL is held
template <class T>
[[nodiscard]] py::object value_or_exception(result<T> answer)
{
    if (answer.has_error()) return exception_of(answer.error());
    return py::cast(*std::move(answer));
}

template <class T>
[[nodiscard]] py::object value_or_exception(result<answered<T>> answer)
{
    if (answer.has_error()) return exception_of(answer.error());
    if (auto const* const thrown = std::get_if<raised>(&answer->is)) return thrown->exception();
    return py::cast(std::get<T>(std::move(answer->is)));
}

/// The value, or the exception raised.
template <class T>
[[nodiscard]] py::object value_or_raise(result<answered<T>> answer)
{
    auto given = value_or_exception(std::move(answer));
    if (PyExceptionInstance_Check(given.ptr())) raise_object(given);
    return given;
}

/// One object an entry: the value, or the exception that a call for it alone would raise.
template <class T>
[[nodiscard]] py::list list_of(std::vector<result<T>> answers)
{
    py::list out(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i)
        out[i] = value_or_exception(std::move(answers[i]));
    return out;
}

/// Runs `work` without the GIL.
template <class Work>
auto without_gil(Work work)
{
    py::gil_scoped_release const released;
    return work();
}

/// The refusal that an exception stands for; nothing when it is not one of ours.
[[nodiscard]] std::optional<error> refusal_in(py::handle exception);

/// What Python code answered for one entry: the value, or an exception, which is a refusal of this
/// entry if it is one of ours. \throws raised for any other exception
template <class T>
[[nodiscard]] result<T> answer_in(py::handle answered)
{
    if (!PyExceptionInstance_Check(answered.ptr())) {
        try {
            return py::cast<T>(answered);
        } catch (py::cast_error const&) {
            throw py::type_error(std::string("a ") + Py_TYPE(answered.ptr())->tp_name +
                                 " is not what was asked for");
        }
    }
    if (auto refused = refusal_in(answered)) return *std::move(refused);
    throw raised(py::reinterpret_borrow<py::object>(answered));
}

/// What Python code answered for a batch: an iterable with one entry each.
template <class T>
[[nodiscard]] std::vector<result<T>> answers_in(py::handle answered, std::size_t wanted,
                                                char const* method)
{
    std::vector<result<T>> out;
    out.reserve(wanted);
    for (auto entry : py::iter(answered)) out.push_back(answer_in<T>(entry));
    if (out.size() != wanted) {
        throw py::value_error(std::string(method) + " was asked about " + std::to_string(wanted) +
                              " entries and answered " + std::to_string(out.size()));
    }
    return out;
}

/// A list of copies.
template <class T>
[[nodiscard]] py::list copies(std::span<T const> values)
{
    py::list out(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) out[i] = py::cast(values[i]);
    return out;
}

}  // namespace aircargo::python
