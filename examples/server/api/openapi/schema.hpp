#pragma once

#include "api/limits.hpp"
#include <nlohmann/json.hpp>
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON Schemas (draft 2020-12, as OpenAPI 3.1 takes them), written as they read.
namespace aircargo::server::docs {

using schema = nlohmann::ordered_json;  // members stay in the order they were written in

/// A schema that the document holds once, under its name, and refers to everywhere else.
struct named_schema {
    std::string_view name;
    schema (*make)();
};

/// What stands where a named schema is meant.
[[nodiscard]] schema refer(named_schema const& to);

[[nodiscard]] schema truth();
[[nodiscard]] schema integer(integer_range range);
/// From 0 on, without an end.
[[nodiscard]] schema count();
/// A number with a fraction, 0 or more.
[[nodiscard]] schema amount();
[[nodiscard]] schema text();
[[nodiscard]] schema text(std::size_t max_length, std::size_t min_length = 0);
/// What one answer gave to go on with in the next request; clients look not inside.
[[nodiscard]] schema cursor(std::size_t max_length);
/// Text of a form: a regular expression that JavaScript and Python read alike.
[[nodiscard]] schema pattern(std::string_view expression);
[[nodiscard]] schema one_of(std::vector<std::string_view> const& values);
[[nodiscard]] schema list(schema items);
[[nodiscard]] schema list(schema items, std::size_t max_items, std::size_t min_items = 0);
/// A map from texts to such values.
[[nodiscard]] schema map_of(schema values);

/// A member of an object. An optional one may be left out; in a request it may be null as well.
struct member {
    enum presence { required, optional };

    std::string_view name;
    schema shape;
    presence there = required;
};
/// What a server answers: knows its members, and may gain others.
[[nodiscard]] schema answer_object(std::vector<member> const& members);
/// What a server takes: no other members than these.
[[nodiscard]] schema request_object(std::vector<member> const& members);

/// Adds words to a schema, also to a reference.
[[nodiscard]] schema described(schema s, std::string_view description);
[[nodiscard]] schema with_example(schema s, schema example);
[[nodiscard]] schema with_default(schema s, schema value);
[[nodiscard]] schema with_format(schema s, std::string_view format);

/// All names of an enumeration that counts up from `first`; `name_of` calls what is past its end
/// `past_end`.
template <class Enum>
[[nodiscard]] std::vector<std::string_view> names_of(Enum first, std::string_view past_end = "?")
{
    std::vector<std::string_view> names;
    for (auto value = static_cast<int>(first);; ++value) {
        std::string_view const name = name_of(static_cast<Enum>(value));
        if (name == past_end) return names;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
}

}  // namespace aircargo::server::docs
