#include "http/message.hpp"
#include "text.hpp"
#include <algorithm>

namespace aircargo::server {

bool equal_without_case(std::string_view a, std::string_view b) noexcept
{
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [&](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> request::header(std::string_view name) const
{
    for (auto const& field : fields) {
        if (equal_without_case(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::size_t request::header_count(std::string_view name) const
{
    auto const named = [&](auto const& field) { return equal_without_case(field.name, name); };
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), named));
}

void request::clear()
{
    empty(head);
    method = target = route = {};
    route_number = 0;
    version = 0;
    fields.clear();
    empty(body);
    path.clear();
    query.clear();
    id.clear();
    trace = {};
    client.clear();
    who.reset();
    answer_fields.clear();
}

reply& reply::with(std::string_view name, std::string_view value)
{
    fields += name;
    fields += ": ";
    fields += value;
    fields += "\r\n";
    return *this;
}

}  // namespace aircargo::server
