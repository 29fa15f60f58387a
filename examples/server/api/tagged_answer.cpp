#include "api/tagged_answer.hpp"
#include "api/preconditions.hpp"
#include <algorithm>
#include <string_view>
#include <utility>

namespace aircargo::server {

bool takes_gzip(request const& r)
{
    std::string accepted(r.header("Accept-Encoding").value_or(""));
    std::erase_if(accepted, [](char c) { return c == ' ' || c == '\t'; });
    std::string_view rest = accepted;
    while (!rest.empty()) {
        auto const item = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), item.size() + 1));
        auto const semicolon = item.find(';');
        auto const weight = semicolon == item.npos ? "" : item.substr(semicolon + 1);
        bool const never =
            weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == weight.npos;
        if (equal_without_case(item.substr(0, semicolon), "gzip")) return !never;
    }
    return false;
}

void answer_tagged(exchange& x, reply r, std::string const& etag)
{
    if (client_has(x.in(), etag)) {
        r.status = 304;
        r.body.clear();
    }
    x.answer(std::move(r.with("ETag", etag)));
}

}  // namespace aircargo::server
