#include "api/handlers.hpp"
#include "api/openapi/document.hpp"
#include "api/preconditions.hpp"
#include "text.hpp"
#include <string>

namespace aircargo::server {
namespace {

struct served_text {
    std::string body;
    std::string etag;
};

[[nodiscard]] served_text const& openapi_text()
{
    static served_text const made = [] {
        served_text text{.body = docs::openapi_document().dump(), .etag = {}};
        text.etag = '"' + sha256(text.body).substr(0, 32) + '"';
        return text;
    }();
    return made;
}

}  // namespace

void get_openapi(app&, exchange_ptr x, path_arguments const&)
{
    auto const& [body, etag] = openapi_text();
    bool const known = client_has(x->in(), etag);
    reply out{.status = known ? 304U : 200U, .body = known ? std::string() : body};
    x->answer(std::move(out.with("ETag", etag)));
}

}  // namespace aircargo::server
