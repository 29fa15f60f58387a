#include "api/airport_index.hpp"
#include "api/folded_text.hpp"
#include "api/handlers.hpp"
#include "api/json_writer.hpp"
#include "api/limits.hpp"
#include "api/problem.hpp"
#include "api/query_input.hpp"
#include "api/tagged_answer.hpp"
#include "text.hpp"
#include <aircargo/world/airport_table.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

[[nodiscard]] airport_index const& index_of_the_world()
{
    static airport_index const index(all_airports());
    return index;
}

/// As short as it can be without being another number.
void write_degrees(json_writer& out, std::string_view name, double degrees)
{
    std::array<char, 32> text{};
    auto const end = std::to_chars(text.data(), text.data() + text.size(), degrees).ptr;
    out.key(name).raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

void write(json_writer& out, airport const& a)
{
    out.begin_object()
        .member("code", a.code.str())
        .member("city", a.city)
        .member("name", a.name)
        .member("country", a.country);
    write_degrees(out, "latitude", a.latitude);
    write_degrees(out, "longitude", a.longitude);
    out.member("time_zone", a.zone).end_object();
}

[[nodiscard]] std::string airports_json(std::vector<airport const*> const& found)
{
    std::string text;
    json_writer out(text);
    out.begin_object().key("items").begin_array();
    for (auto const* each : found) write(out, *each);
    out.end_array().end_object();
    return text;
}

/// The table is part of the program, so what is answered to an address changes with it alone.
[[nodiscard]] std::string const& etag_of_the_world()
{
    static std::string const etag = [] {
        std::vector<airport const*> all;
        for (auto const& a : all_airports()) all.push_back(&a);
        return '"' + sha256(airports_json(all)).substr(0, 16) + '"';
    }();
    return etag;
}

[[nodiscard]] result<std::vector<std::string>> parse_search(std::string_view text)
{
    if (text.size() <= limits::airport_search_bytes) return folded_words(text);
    return refuse(errc::invalid_request,
                  "must have at most " + std::to_string(limits::airport_search_bytes) + " bytes");
}

/// Codes with commas between them.
[[nodiscard]] result<std::vector<airport_code>> parse_codes(std::string_view text)
{
    std::vector<airport_code> codes;
    for (bool more = true; more;) {
        auto const comma = text.find(',');
        auto const code = airport_code::parse(text.substr(0, comma));
        if (!code) return code.error();
        codes.push_back(*code);
        more = comma != text.npos;
        if (more) text.remove_prefix(comma + 1);
    }
    auto const most = static_cast<std::size_t>(limits::airports_limit.max);
    if (codes.size() <= most) return codes;
    return refuse(errc::invalid_request, "must be at most " + std::to_string(most));
}

}  // namespace

void list_airports(app&, exchange_ptr x, path_arguments const&)
{
    auto const& in = x->in();
    field_errors errors;
    airport_query query;
    query.words = parameter(in, "search", errors, parse_search).value_or(query.words);
    query.codes = parameter(in, "codes", errors, parse_codes).value_or(query.codes);
    auto const limit = parameter(in, "limit", errors, integer_within{limits::airports_limit});
    if (!errors.empty()) return x->answer(make_reply(to_problem(errors), in));
    query.limit =
        limit ? static_cast<std::size_t>(*limit) : std::max(query.limit, query.codes.size());
    reply out{.body = airports_json(index_of_the_world().find(query)),
              .cache_control = "public, max-age=3600"};
    answer_tagged(*x, std::move(out), etag_of_the_world());
}

}  // namespace aircargo::server
