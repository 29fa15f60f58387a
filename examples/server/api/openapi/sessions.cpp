#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

constexpr std::string_view of_page = "X-Aircargo-Page";

[[nodiscard]] answer session(std::string_view says)
{
    return {200, says, refer(schemas::page_session), {"Cache-Control", "Set-Cookie"}};
}

}  // namespace

operation begin_session()
{
    return {.id = "beginSession",
            .tag = "Accounts",
            .summary = "Log in from the web page",
            .says =
                "The tokens go into cookies, which no script can read. From the server's own "
                "page alone.",
            .fields = {of_page},
            .body = request_body{refer(schemas::login)},
            .answers = {session("Who has logged in.")},
            .refusals = {401, 403}};
}

operation get_session()
{
    return {.id = "getSession",
            .tag = "Accounts",
            .summary = "Who is logged in on the web page",
            .says = "Where the server asks nobody to log in, there is a role and no name.",
            .answers = {{200, "Who it is.", refer(schemas::page_session), {"Cache-Control"}}}};
}

operation renew_session()
{
    return {.id = "renewSession",
            .tag = "Accounts",
            .summary = "Stay logged in on the web page",
            .says =
                "By the cookie with the refresh token. One that comes again within ten seconds "
                "gets the same answer: pages of one browser ask at the same time. Later it "
                "ends the session.",
            .fields = {of_page},
            .answers = {session("Who is logged in, and the next two cookies.")},
            .refusals = {401, 403}};
}

operation end_session()
{
    return {.id = "endSession",
            .tag = "Accounts",
            .summary = "Log out on the web page",
            .says = "The cookies are taken away, and the refresh token is good no longer.",
            .fields = {of_page},
            .answers = {{204, "Done.", nullptr, {"Set-Cookie"}}},
            .refusals = {403}};
}

}  // namespace aircargo::server::docs
