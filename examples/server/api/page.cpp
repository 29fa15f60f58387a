#include "api/page.hpp"
#include "api/problem.hpp"
#include "api/router.hpp"
#include "api/tagged_answer.hpp"
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] bool only_reads(request const& r) { return r.method == "GET" || r.method == "HEAD"; }

/// The file as it is, or compressed.
[[nodiscard]] reply reply_with(web_file const& file, bool compressed)
{
    reply out{.content_type = file.content_type, .cache_control = file.cache_control};
    if (!file.policy.empty()) out.content_policy = file.policy;
    if (!file.gzipped.empty()) out.with("Vary", "Accept-Encoding");
    if (compressed) out.with("Content-Encoding", "gzip");
    out.body = compressed ? file.gzipped : file.body;
    return out;
}

[[nodiscard]] bool goes_compressed(web_file const& file, request const& r)
{
    return !file.gzipped.empty() && takes_gzip(r);
}

/// Where the same is with the slash that its links are made for.
[[nodiscard]] reply redirect(web_file const& file, request const& r)
{
    auto const query = r.target.find('?');
    reply out{.status = 308, .cache_control = file.cache_control};
    auto place = file.location;
    if (query != r.target.npos) place += r.target.substr(query);
    out.with("Location", place);
    return out;
}

}  // namespace

web_file const* page_file_of(app const& a, request const& r)
{
    return a.page() ? a.page()->find(r.path) : nullptr;
}

void answer_file(exchange& x, web_file const& file)
{
    auto const& r = x.in();
    if (!only_reads(r)) {
        auto refused = make_reply({.status = 405,
                                   .code = "method_not_allowed",
                                   .detail = "the page knows only GET and HEAD"},
                                  r);
        return x.answer(std::move(refused.with("Allow", "GET, HEAD")));
    }
    if (!file.location.empty()) return x.answer(redirect(file, r));
    bool const compressed = goes_compressed(file, r);
    auto const tag = compressed ? file.etag.substr(0, file.etag.size() - 1) + "-gzip\"" : file.etag;
    answer_tagged(x, reply_with(file, compressed), tag);
}

reply nothing_there(app const& a, request const& r)
{
    problem const nothing{.status = 404, .code = "no_such_path", .detail = "there is nothing here"};
    auto const* const page = a.page() ? a.page()->not_found() : nullptr;
    if (page == nullptr || !only_reads(r) || is_near_a_route(r.path)) return make_reply(nothing, r);
    auto out = reply_with(*page, goes_compressed(*page, r));
    out.status = nothing.status;
    out.code = nothing.code;
    return out;
}

}  // namespace aircargo::server
