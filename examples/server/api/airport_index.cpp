#include "api/airport_index.hpp"
#include "api/folded_text.hpp"
#include <algorithm>
#include <utility>

namespace aircargo::server {
namespace {

/// The words with a blank before each, so that one of them is found by how it begins.
[[nodiscard]] std::string joined(std::vector<std::string> const& words)
{
    std::string text;
    for (auto const& word : words) text.append(" ").append(word);
    return text;
}

[[nodiscard]] bool has_each(std::string const& text, std::vector<std::string> const& words)
{
    return std::all_of(words.begin(), words.end(),
                       [&](auto const& word) { return text.find(' ' + word) != text.npos; });
}

/// How well an airport fits, the best first.
enum class fit : std::uint8_t { code, start_of_code, city, start_of_city, in_city, somewhere };

}  // namespace

airport_index::airport_index(std::span<airport const> airports)
{
    entries_.reserve(airports.size());
    for (auto const& a : airports) {
        auto const city = joined(folded_words(a.city));
        auto code = joined(folded_words(a.code.str())).substr(1);
        auto words = ' ' + code + city + joined(folded_words(a.name));
        entries_.push_back({&a, std::move(code), city, std::move(words)});
    }
}

std::vector<airport const*> airport_index::find(airport_query const& query) const
{
    auto const& words = query.words;
    auto const wanted = joined(words);
    auto codes = query.codes;
    std::sort(codes.begin(), codes.end());
    auto const fit_of = [&](entry const& e) {
        if (words.empty()) return fit::code;
        if (words.size() == 1 && e.code == words.front()) return fit::code;
        if (words.size() == 1 && e.code.starts_with(words.front())) return fit::start_of_code;
        if (e.city == wanted) return fit::city;
        if (e.city.starts_with(wanted)) return fit::start_of_city;
        return has_each(e.city, words) ? fit::in_city : fit::somewhere;
    };
    std::vector<std::pair<fit, airport const*>> found;
    for (auto const& e : entries_) {
        bool const meant =
            codes.empty() || std::binary_search(codes.begin(), codes.end(), e.what->code);
        if (meant && has_each(e.words, words)) found.emplace_back(fit_of(e), e.what);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    std::vector<airport const*> best;
    for (std::size_t i = 0; i < std::min(found.size(), query.limit); ++i)
        best.push_back(found[i].second);
    return best;
}

}  // namespace aircargo::server
