#include "api/json_input.hpp"
#include <nlohmann/json.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace aircargo::server {
namespace {

using nlohmann::json;

/// Builds a value from the parser's events and stops at what we do not take. nlohmann's own reader
/// lets the last of two equal members win and knows no depth.
class strict_reader final : public nlohmann::json_sax<json> {
public:
    json root{};
    std::string refused{};

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, string_t const&) override { return put(value); }
    bool string(string_t& value) override
    {
        return value.find('\0') == value.npos ? put(std::move(value))
                                              : refuse_with("holds a NUL character");
    }
    bool binary(binary_t&) override { return refuse_with("holds binary data"); }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        if (name.find('\0') != name.npos) return refuse_with("holds a NUL character");
        if (open_.back()->contains(name)) return refuse_with("names a member twice");
        member_ = &(*open_.back())[name];
        return true;
    }

    bool parse_error(std::size_t position, std::string const&, json::exception const&) override
    {
        return refuse_with("is not JSON from byte " + std::to_string(position) + " on");
    }

private:
    template <class Value>
    bool put(Value&& value)
    {
        place() = std::forward<Value>(value);
        return true;
    }

    bool open(json&& container)
    {
        if (open_.size() == json_object::max_depth)
            return refuse_with("is nested deeper than 32 levels");
        auto& placed = place();
        placed = std::move(container);
        open_.push_back(&placed);
        return true;
    }

    bool close()
    {
        open_.pop_back();
        return true;
    }

    /// Where the next value goes: an array's end, the member that was named, or the root.
    [[nodiscard]] json& place()
    {
        if (open_.empty()) return root;
        if (!open_.back()->is_array()) return *member_;
        open_.back()->push_back(nullptr);
        return open_.back()->back();
    }

    bool refuse_with(std::string why)
    {
        refused = std::move(why);
        return false;
    }

    std::vector<json*>
        open_;  // containers around the present place; none of them moves while it is open
    json* member_ = nullptr;
};

/// The only way from JSON to a number.
[[nodiscard]] std::optional<std::int64_t> checked_integer(json const& value, integer_range range)
{
    if (!value.is_number_integer()) return std::nullopt;
    if (value.is_number_unsigned()) {
        auto const number = value.get<std::uint64_t>();
        if (!std::in_range<std::int64_t>(number)) return std::nullopt;
    }
    auto const number = value.get<std::int64_t>();
    return number < range.min || number > range.max ? std::nullopt : std::optional(number);
}

[[nodiscard]] std::string to_text(integer_range range)
{
    if (range.max == std::numeric_limits<std::int64_t>::max())
        return "of " + std::to_string(range.min) + " or more";
    return "from " + std::to_string(range.min) + " to " + std::to_string(range.max);
}

[[nodiscard]] json list_of(std::string_view text)
{
    auto list = json::array();
    if (text.empty()) return list;
    for (;;) {
        auto const item = text.substr(0, text.find(','));
        list.push_back(std::string(item));
        if (item.size() == text.size()) return list;
        text.remove_prefix(item.size() + 1);
    }
}

[[nodiscard]] json value_of(std::string_view text, text_kind kind)
{
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, failed] = std::from_chars(text.data(), end, number);
    bool const is_number = failed == std::errc() && stopped == end;
    switch (kind) {
        case text_kind::list: return list_of(text);
        case text_kind::integer:
            if (is_number) return number;
            break;
        case text_kind::boolean:
            if (text == "true" || text == "false") return text == "true";
            break;
        case text_kind::text: break;
    }
    return std::string(text);
}

}  // namespace

struct json_object::content {
    json members = json::object();
    std::vector<std::string> asked{};

    /// The member, or null when it is missing or JSON's null.
    [[nodiscard]] json const* find(std::string_view name)
    {
        asked.emplace_back(name);
        auto const found = members.find(asked.back());
        return found == members.end() || found->is_null() ? nullptr : &*found;
    }
};

json_object::json_object(std::unique_ptr<content> c) : content_(std::move(c)) {}
json_object::json_object(json_object&&) noexcept = default;
json_object& json_object::operator=(json_object&&) noexcept = default;
json_object::~json_object() = default;

result<json_object> json_object::parse(std::string_view text)
{
    auto made = std::make_unique<content>();
    if (text.find('\0') != text.npos) {  // nlohmann's lexer would take it for the end
        return refuse(errc::invalid_request, "the body holds a NUL character");
    }
    if (!text.empty()) {
        strict_reader reader;
        bool const good = json::sax_parse(text.begin(), text.end(), &reader);
        if (!good) return refuse(errc::invalid_request, "the body " + reader.refused);
        if (!reader.root.is_object())
            return refuse(errc::invalid_request, "the body must be a JSON object");
        made->members = std::move(reader.root);
    }
    return json_object(std::move(made));
}

json_object json_object::from_texts(std::span<text_member const> members,
                                    std::span<query_parameter const> texts)
{
    auto made = std::make_unique<content>();
    for (auto const& t : texts) {
        auto const named = [&](text_member const& m) { return m.name == t.name; };
        auto const member = std::find_if(members.begin(), members.end(), named);
        auto const kind = member == members.end() ? text_kind::text : member->kind;
        made->members[t.name] = value_of(t.value, kind);
    }
    return json_object(std::move(made));
}

std::optional<std::string> json_object::text(std::string_view name, std::size_t max_bytes)
{
    auto const* const value = content_->find(name);
    if (value == nullptr) return std::nullopt;
    auto const* const read = value->get_ptr<std::string const*>();
    if (read != nullptr && read->size() <= max_bytes) return *read;
    errors.add(name, read == nullptr
                         ? "must be a text"
                         : "must not be longer than " + std::to_string(max_bytes) + " bytes");
    return std::nullopt;
}

std::optional<std::int64_t> json_object::integer(std::string_view name, integer_range range)
{
    auto const* const value = content_->find(name);
    if (value == nullptr) return std::nullopt;
    auto const number = checked_integer(*value, range);
    if (!number) errors.add(name, "must be an integer " + to_text(range));
    return number;
}

std::optional<bool> json_object::boolean(std::string_view name)
{
    auto const* const value = content_->find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    errors.add(name, "must be true or false");
    return std::nullopt;
}

std::optional<std::vector<std::int64_t>> json_object::integers(std::string_view name,
                                                               integer_range range,
                                                               std::size_t max_count)
{
    auto const* const value = content_->find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array() || value->size() > max_count) {
        errors.add(name, "must be a list of at most " + std::to_string(max_count) + " integers");
        return std::nullopt;
    }
    std::vector<std::int64_t> numbers;
    for (auto const& item : *value) {
        auto const number = checked_integer(item, range);
        if (!number) {
            errors.add(name, "must hold only integers " + to_text(range));
            return std::nullopt;
        }
        numbers.push_back(*number);
    }
    return numbers;
}

std::optional<std::vector<std::string>> json_object::texts(std::string_view name,
                                                           std::size_t max_count)
{
    auto const* const value = content_->find(name);
    if (value == nullptr) return std::nullopt;
    auto const is_text = [](json const& item) { return item.is_string(); };
    if (!value->is_array() || value->size() > max_count ||
        !std::all_of(value->begin(), value->end(), is_text)) {
        errors.add(name, "must be a list of at most " + std::to_string(max_count) + " texts");
        return std::nullopt;
    }
    return value->get<std::vector<std::string>>();
}

std::vector<json_object> json_object::objects(std::string_view name, std::size_t max_count)
{
    std::vector<json_object> out;
    if (content_->find(name) == nullptr) return out;
    auto list = std::move(content_->members[std::string(name)]);
    if (!list.is_array() || list.empty() || list.size() > max_count) {
        errors.add(name, "must be a list of 1 to " + std::to_string(max_count) + " objects");
        return out;
    }
    out.reserve(list.size());
    for (auto& item : list) {
        auto made = std::make_unique<content>();
        bool const is_object = item.is_object();
        if (is_object) made->members = std::move(item);
        out.push_back(json_object(std::move(made)));
        if (!is_object) out.back().errors.add("", "must be an object");
    }
    return out;
}

void json_object::require(std::string_view name)
{
    auto const& noted = errors.all();
    bool const known =
        std::any_of(noted.begin(), noted.end(), [&](auto const& e) { return e.field == name; });
    if (!known && content_->find(name) == nullptr) errors.add(name, "is required");
}

void json_object::finish()
{
    auto const& asked = content_->asked;
    for (auto const& member : content_->members.items()) {
        if (std::find(asked.begin(), asked.end(), member.key()) != asked.end()) continue;
        errors.add(shown(member.key()), "is not a field of this request");
    }
}

std::string json_object::canonical() const { return content_->members.dump(); }

}  // namespace aircargo::server
