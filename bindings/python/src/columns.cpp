#include "columns.hpp"
#include <cstring>

namespace aircargo::python {
namespace {

void append_utf8(std::string& to, char32_t c)
{
    if (c < 0x80) {
        to += static_cast<char>(c);
        return;
    }
    // Whatever it is, no code or number has it; it only has to be shown.
    auto const text =
        py::reinterpret_steal<py::object>(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, &c, 1));
    auto const bytes =
        py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "replace"));
    if (!bytes) throw py::error_already_set();
    to += static_cast<std::string>(bytes);
}

void need_one_dimension(py::array const& array, std::string const& name)
{
    if (array.ndim() != 1)
        throw py::type_error(name + " is not a column: it has " + std::to_string(array.ndim()) +
                             " dimensions");
}

}  // namespace

text_column::text_column(py::array array, std::string name)
    : array_(std::move(array)),
      name_(std::move(name)),
      size_(0),
      kind_(array_.dtype().kind()),
      item_(static_cast<std::size_t>(array_.itemsize()))
{
    need_one_dimension(array_, name_);
    size_ = static_cast<std::size_t>(array_.shape(0));
    if (kind_ != 'S' && kind_ != 'U' && kind_ != 'O')
        throw py::type_error(name_ + " is not a column of texts, but of " +
                             py::cast<std::string>(py::str(array_.dtype())));
    if (kind_ == 'U' && !py::cast<bool>(array_.dtype().attr("isnative")))
        throw py::type_error(name_ + " has texts in the byte order of another machine");
}

std::string_view text_column::at(std::size_t nth)
{
    auto const* const item =
        static_cast<char const*>(array_.data()) + static_cast<py::ssize_t>(nth) * array_.strides(0);
    switch (kind_) {
        case 'S': return narrow(item);
        case 'U': return wide(item);
        default: return object(item, nth);
    }
}

std::string_view text_column::narrow(char const* item) const
{
    return {item, strnlen(item, item_)};
}

std::string_view text_column::wide(char const* item)
{
    text_.clear();
    for (std::size_t i = 0; i < item_ / sizeof(char32_t); ++i) {
        char32_t c = 0;
        std::memcpy(&c, item + i * sizeof c, sizeof c);  // it may lie anywhere
        if (c == 0) break;
        append_utf8(text_, c);
    }
    return text_;
}

std::string_view text_column::object(char const* item, std::size_t nth)
{
    PyObject* value = nullptr;
    std::memcpy(&value, item, sizeof value);
    if (value == nullptr || !PyUnicode_Check(value)) {
        throw py::type_error(name_ + "[" + std::to_string(nth) + "] is not a str, but " +
                             (value ? py::cast<std::string>(py::repr(value)) : "nothing"));
    }
    text_ = text_from(value).value;
    return text_;
}

number_view::number_view(py::array array, std::string const& name)
    : array_(std::move(array)), size_(0)
{
    need_one_dimension(array_, name);
    auto const kind = array_.dtype().kind();
    bool const fits = kind == 'i' && array_.itemsize() == sizeof(std::int64_t) &&
                      py::cast<bool>(array_.dtype().attr("isnative"));
    if (!fits)
        throw py::type_error(name + " is not a column of 64-bit whole numbers, but of " +
                             py::cast<std::string>(py::str(array_.dtype())));
    size_ = static_cast<std::size_t>(array_.shape(0));
    first_ = static_cast<char const*>(array_.data());
    stride_ = array_.strides(0);
}

std::int64_t number_view::operator[](std::size_t nth) const noexcept
{
    std::int64_t value = 0;
    std::memcpy(&value, first_ + static_cast<py::ssize_t>(nth) * stride_, sizeof value);
    return value;
}

void raise_at(std::string const& column, std::size_t nth, error const& why)
{
    raise({why.code, column + "[" + std::to_string(nth) + "]: " + why.detail});
}

}  // namespace aircargo::python
