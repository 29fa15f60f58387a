#include "api/handlers.hpp"
#include "api/problem.hpp"
#include "api/tagged_answer.hpp"
#include "docs_page/swagger_ui.hpp"
#include "text.hpp"
#include <algorithm>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

/// Swagger UI sets styles from its script; everything comes from this server.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

[[nodiscard]] std::string short_hash(std::string_view text) { return sha256(text).substr(0, 12); }

/// Changes with any of the files, so that browsers may keep them for ever.
[[nodiscard]] std::string const& files_version()
{
    static std::string const version = [] {
        std::string all;
        for (auto const& file : docs_page_files()) all += file.bytes;
        return short_hash(all);
    }();
    return version;
}

struct finished_page {
    std::string text;
    std::string etag;
};

[[nodiscard]] finished_page const& page()
{
    static finished_page const finished = [] {
        constexpr std::string_view mark = "{version}";
        std::string text(docs_page());
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
            text.replace(at, mark.size(), files_version());
        }
        auto etag = '"' + short_hash(text) + '"';
        return finished_page{std::move(text), std::move(etag)};
    }();
    return finished;
}

[[nodiscard]] reply reply_with_file(page_file const& file, bool compressed)
{
    reply r{.content_type = file.content_type};
    r.cache_control = "public, max-age=31536000, immutable";
    if (file.gzipped) r.with("Vary", "Accept-Encoding");
    if (compressed) r.with("Content-Encoding", "gzip");
    r.body = file.gzipped && !compressed ? gunzip(file.bytes) : std::string(file.bytes);
    return r;
}

}  // namespace

void get_docs(app&, exchange_ptr x, path_arguments const&)
{
    reply r{.body = page().text, .content_type = "text/html; charset=utf-8"};
    r.content_policy = page_policy;
    answer_tagged(*x, std::move(r), page().etag);
}

void get_docs_file(app&, exchange_ptr x, path_arguments const& arguments)
{
    auto const files = docs_page_files();
    auto const file = std::find_if(files.begin(), files.end(),
                                   [&](auto const& f) { return f.name == arguments[1]; });
    if (file == files.end() || arguments[0] != files_version()) {
        return x->answer(make_reply(
            {.status = 404, .code = "no_such_path", .detail = "there is nothing here"}, x->in()));
    }
    bool const compressed = file->gzipped && takes_gzip(x->in());
    auto const etag = '"' + files_version() + (compressed ? "-gzip\"" : "\"");
    answer_tagged(*x, reply_with_file(*file, compressed), etag);
}

}  // namespace aircargo::server
