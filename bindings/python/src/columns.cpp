#include "columns.hpp"
#include "bind.hpp"
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
    if (!text) throw py::error_already_set();
    auto const bytes =
        py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "replace"));
    if (!bytes) throw py::error_already_set();
    to += static_cast<std::string>(bytes);
}

void need_one_dimension(py::buffer_info const& memory, std::string const& name)
{
    if (memory.ndim == 1) return;
    throw py::type_error(name + " is not a column: it has " + std::to_string(memory.ndim) +
                         " dimensions");
}

/// A format without its byte order; nothing when that is another machine's.
[[nodiscard]] std::string_view native(std::string_view format)
{
    if (format.empty()) return format;
    if (format.front() == '>' || format.front() == '!') return {};
    if (std::string_view("@=^<").find(format.front()) != std::string_view::npos)
        format.remove_prefix(1);
    return format;
}

[[nodiscard]] char const* item_of(py::buffer_info const& memory, std::size_t nth)
{
    return static_cast<char const*>(memory.ptr) +
           static_cast<py::ssize_t>(nth) * memory.strides.front();
}

}  // namespace

text_column::text_column(py::buffer const& array, std::string name)
    : memory_(array.request()),
      name_(std::move(name)),
      size_(0),
      kind_('\0'),
      item_(static_cast<std::size_t>(memory_.itemsize))
{
    need_one_dimension(memory_, name_);
    size_ = static_cast<std::size_t>(memory_.shape.front());
    auto const format = native(memory_.format);
    if (!format.empty()) kind_ = format.back();
    if (kind_ == 's' || kind_ == 'w' || kind_ == 'O') return;
    throw py::type_error(name_ + " is not a column of texts, but one of the format " +
                         memory_.format);
}

std::string_view text_column::at(std::size_t nth)
{
    auto const* const item = item_of(memory_, nth);
    switch (kind_) {
        case 's': return narrow(item);
        case 'w': return wide(item);
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

number_view::number_view(py::buffer const& array, std::string const& name)
    : memory_(array.request()), size_(0)
{
    need_one_dimension(memory_, name);
    auto const format = native(memory_.format);
    bool const fits = (format == "l" || format == "q") && memory_.itemsize == sizeof(std::int64_t);
    if (!fits) {
        throw py::type_error(name +
                             " is not a column of 64-bit whole numbers, but one of the format " +
                             memory_.format);
    }
    size_ = static_cast<std::size_t>(memory_.shape.front());
}

std::int64_t number_view::operator[](std::size_t nth) const noexcept
{
    std::int64_t value = 0;
    std::memcpy(&value, item_of(memory_, nth), sizeof value);
    return value;
}

void raise_at(std::string const& column, std::size_t nth, error const& why)
{
    raise({why.code, column + "[" + std::to_string(nth) + "]: " + why.detail});
}

void bind_columns(py::module_& m)
{
    py::class_<shared_memory>(m, "Memory", py::buffer_protocol(),
                              "Numbers that the library wrote, for arrays to look at.")
        .def_buffer([](shared_memory& memory) {
            return py::buffer_info(const_cast<void*>(memory.first), memory.item, memory.format, 1,
                                   {memory.size}, {memory.item}, true);
        });
}

}  // namespace aircargo::python
