#pragma once

#include "casters.hpp"
#include <pybind11/numpy.h>
#include <cstdint>
#include <string>
#include <string_view>

/// Columns of NumPy arrays, read where they lie. Only what was given an array needs NumPy.
namespace aircargo::python {

/// A column of texts: `S`, `U`, or `O` with nothing but str in it; of any stride.
class text_column {
public:
    /// \param name what messages call it. \throws py::type_error for an array of another kind
    text_column(py::array array, std::string name);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Valid until the next call. \pre the GIL is held
    [[nodiscard]] std::string_view at(std::size_t nth);
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

private:
    [[nodiscard]] std::string_view narrow(char const* item) const;
    [[nodiscard]] std::string_view wide(char const* item);
    [[nodiscard]] std::string_view object(char const* item, std::size_t nth);

    py::array array_;
    std::string name_;
    std::size_t size_;
    char kind_;
    std::size_t item_;  // bytes
    std::string text_;
};

/// A column of 64-bit numbers, of any stride.
class number_view {
public:
    number_view(py::array array, std::string const& name);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t operator[](std::size_t nth) const noexcept;

private:
    py::array array_;
    std::size_t size_;
    char const* first_;
    py::ssize_t stride_;
};

/// The refusal of one value of a column, which names its place.
[[noreturn]] void raise_at(std::string const& column, std::size_t nth, error const& why);

}  // namespace aircargo::python
