#pragma once

#include "casters.hpp"
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Columns of arrays, read where they lie and given without a copy. Both by Python's buffer
/// protocol: so any version of NumPy will do, and none has to be there.
namespace aircargo::python {

/// A column of texts: NumPy's kinds `S`, `U`, or `O` with nothing but str in it; of any stride.
/// \pre the GIL is held for every call, and at its end
class text_column {
public:
    /// \param name what messages call it. \throws py::type_error for an array of another kind
    text_column(py::buffer const& array, std::string name);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Valid until the next call.
    [[nodiscard]] std::string_view at(std::size_t nth);
    [[nodiscard]] std::string const& name() const noexcept { return name_; }

private:
    [[nodiscard]] std::string_view narrow(char const* item) const;
    [[nodiscard]] std::string_view wide(char const* item);
    [[nodiscard]] std::string_view object(char const* item, std::size_t nth);

    py::buffer_info memory_;
    std::string name_;
    std::size_t size_;
    char kind_;
    std::size_t item_;  // bytes
    std::string text_;
};

/// A column of 64-bit numbers, of any stride.
class number_view {
public:
    number_view(py::buffer const& array, std::string const& name);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::int64_t operator[](std::size_t nth) const noexcept;

private:
    py::buffer_info memory_;
    std::size_t size_;
};

/// The refusal of one value of a column, which names its place.
[[noreturn]] void raise_at(std::string const& column, std::size_t nth, error const& why);

/// Python's `Memory`: numbers for NumPy to look at, which live as long as anybody does.
struct shared_memory {
    std::shared_ptr<void const> keep;
    void const* first;
    py::ssize_t item;  ///< bytes of a number
    std::string format;
    py::ssize_t size;
};

template <class T>
[[nodiscard]] shared_memory memory_of(std::shared_ptr<void const> keep, T const* first,
                                      std::size_t size)
{
    static T const nothing{};  // an empty array is somewhere, too
    return {std::move(keep), first ? first : &nothing, sizeof(T),
            py::format_descriptor<T>::format(), static_cast<py::ssize_t>(size)};
}

}  // namespace aircargo::python
