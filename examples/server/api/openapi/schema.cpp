#include "api/openapi/schema.hpp"

namespace aircargo::server::docs {
namespace {

/// In a request null is the same as a member that is missing.
[[nodiscard]] schema or_null(schema s)
{
    schema const null{{"type", "null"}};
    if (!s.contains("type")) return {{"anyOf", schema::array({std::move(s), null})}};
    s["type"] = schema::array({s["type"], "null"});
    if (s.contains("enum")) s["enum"].push_back(nullptr);
    return s;
}

[[nodiscard]] schema object_of(std::vector<member> const& members, bool in_request)
{
    schema properties = schema::object();
    schema required = schema::array();
    for (auto const& m : members) {
        bool const optional = m.there == member::optional;
        properties[std::string(m.name)] = optional && in_request ? or_null(m.shape) : m.shape;
        if (!optional) required.push_back(m.name);
    }
    schema s{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) s["required"] = std::move(required);
    if (in_request) s["additionalProperties"] = false;
    return s;
}

}  // namespace

schema refer(named_schema const& to)
{
    return {{"$ref", "#/components/schemas/" + std::string(to.name)}};
}

schema truth() { return {{"type", "boolean"}}; }

schema integer(integer_range range)
{
    return {
        {"type", "integer"}, {"format", "int64"}, {"minimum", range.min}, {"maximum", range.max}};
}

schema count() { return {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}}; }

schema amount() { return {{"type", "number"}, {"minimum", 0}}; }

schema text() { return {{"type", "string"}}; }

schema text(std::size_t max_length, std::size_t min_length)
{
    schema s = text();
    if (min_length > 0) s["minLength"] = min_length;
    s["maxLength"] = max_length;
    return s;
}

schema pattern(std::string_view expression)
{
    return {{"type", "string"}, {"pattern", expression}};
}

schema cursor(std::size_t max_length)
{
    schema s = pattern("^[!-~]+$");
    s["maxLength"] = max_length;
    return s;
}

schema one_of(std::vector<std::string_view> const& values)
{
    return {{"type", "string"}, {"enum", values}};
}

schema list(schema items) { return {{"type", "array"}, {"items", std::move(items)}}; }

schema list(schema items, std::size_t max_items, std::size_t min_items)
{
    schema s = list(std::move(items));
    if (min_items > 0) s["minItems"] = min_items;
    s["maxItems"] = max_items;
    return s;
}

schema map_of(schema values)
{
    return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}

schema answer_object(std::vector<member> const& members) { return object_of(members, false); }

schema request_object(std::vector<member> const& members) { return object_of(members, true); }

schema described(schema s, std::string_view description)
{
    s["description"] = description;
    return s;
}

schema with_example(schema s, schema example)
{
    s["examples"] = schema::array({std::move(example)});
    return s;
}

schema with_default(schema s, schema value)
{
    s["default"] = std::move(value);
    return s;
}

schema with_format(schema s, std::string_view format)
{
    s["format"] = format;
    return s;
}

}  // namespace aircargo::server::docs
