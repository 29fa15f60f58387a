#pragma once

#include "api/field_errors.hpp"
#include "api/limits.hpp"
#include "http/message.hpp"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// What a member is that comes as text.
enum class text_kind : std::uint8_t { text, integer, boolean, list };
struct text_member {
    std::string_view name;
    text_kind kind;
};

/// The members of one JSON object from a client, read strictly: nesting at most 32, no member
/// twice, UTF-8, no NUL, and a number is an integer only when it is written as one (not 2.9, 1e3 or
/// true).
///
/// Each reader below notes in `errors` what does not fit and answers nothing, also for a member
/// that is missing or null. `finish` then notes the members that nobody asked for.
class json_object {
public:
    static constexpr std::size_t max_depth = 32;

    /// Reads the text; an empty one is an object without members.
    /// \return the object, or `invalid_request` that says where it stops being JSON
    [[nodiscard]] static result<json_object> parse(std::string_view text);

    /// The object that the parameters of a query stand for, so that both are read by the same
    /// readers. What is not of its kind stays text, and no reader takes it then. \pre no name twice
    [[nodiscard]] static json_object from_texts(std::span<text_member const> members,
                                                std::span<query_parameter const> texts);

    json_object(json_object&&) noexcept;
    json_object& operator=(json_object&&) noexcept;
    ~json_object();

    [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t max_bytes);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, integer_range range);
    [[nodiscard]] std::optional<bool> boolean(std::string_view name);
    /// A list of at most `max_count` integers.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::string_view name,
                                                                    integer_range range,
                                                                    std::size_t max_count);
    /// A list of at most `max_count` texts.
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view name,
                                                                std::size_t max_count);
    /// Takes a list of 1 to `max_count` objects out. What is no object becomes one without members,
    /// that notes so about itself.
    [[nodiscard]] std::vector<json_object> objects(std::string_view name, std::size_t max_count);
    /// Reads text through one of the library's parsers, such as `airport_code::parse`.
    template <class Parse>
    [[nodiscard]] auto parsed(std::string_view name, Parse read)
        -> std::optional<typename decltype(read(std::string_view()))::value_type>;
    /// Reads a list of such texts; empty when there is none.
    template <class Parse>
    [[nodiscard]] auto parsed_list(std::string_view name, std::size_t max_count, Parse read)
        -> std::vector<typename decltype(read(std::string_view()))::value_type>;

    /// Notes members that are missing or null, unless something is noted about them already.
    void require(std::string_view name);
    /// Notes members that no reader asked for.
    void finish();

    field_errors errors;

    /// The same text for the same content, whatever the order and the white space.
    [[nodiscard]] std::string canonical() const;

private:
    struct content;
    explicit json_object(std::unique_ptr<content> c);

    std::unique_ptr<content> content_;
};

template <class Parse>
auto json_object::parsed(std::string_view name, Parse read)
    -> std::optional<typename decltype(read(std::string_view()))::value_type>
{
    constexpr std::size_t longer_than_any = 256;
    auto const found = text(name, longer_than_any);
    if (!found) return std::nullopt;
    auto value = read(std::string_view(*found));
    if (value) return *std::move(value);
    errors.add(name, value.error());
    return std::nullopt;
}

template <class Parse>
auto json_object::parsed_list(std::string_view name, std::size_t max_count, Parse read)
    -> std::vector<typename decltype(read(std::string_view()))::value_type>
{
    std::vector<typename decltype(read(std::string_view()))::value_type> values;
    for (auto const& item : texts(name, max_count).value_or(std::vector<std::string>())) {
        auto value = read(std::string_view(item));
        if (!value) {
            errors.add(name, value.error());
            return {};
        }
        values.push_back(*std::move(value));
    }
    return values;
}

}  // namespace aircargo::server
