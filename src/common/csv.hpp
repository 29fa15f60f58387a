#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aircargo::detail {

/// Splits one line of RFC 4180 CSV into `fields`, which are used again from call to call. A field
/// does not reach over the end of the line. \return false when a quote is not closed or stands
/// inside an unquoted field.
[[nodiscard]] inline bool split_csv(std::string_view line, std::vector<std::string>& fields)
{
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    std::size_t count = 0;
    auto const next_field = [&]() -> std::string& {
        if (count == fields.size()) fields.emplace_back();
        fields[count].clear();
        return fields[count++];
    };
    std::string* field = &next_field();
    bool quoted = false;
    bool closed = false;  // a quoted field has ended; only a comma may follow
    for (std::size_t i = 0; i < line.size(); ++i) {
        char const c = line[i];
        if (quoted && c == '"') {
            bool const doubled = i + 1 < line.size() && line[i + 1] == '"';
            if (doubled) field->push_back(line[++i]);
            quoted = doubled;
            closed = !doubled;
        } else if (quoted) {
            field->push_back(c);
        } else if (c == ',') {
            field = &next_field();
            closed = false;
        } else if (c == '"' && field->empty() && !closed) {
            quoted = true;
        } else if (c == '"' || closed) {
            return false;
        } else {
            field->push_back(c);
        }
    }
    fields.resize(count);
    return !quoted;
}

/// Takes the first line off `text`, without its line feed.
[[nodiscard]] inline std::string_view take_line(std::string_view& text)
{
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace aircargo::detail
