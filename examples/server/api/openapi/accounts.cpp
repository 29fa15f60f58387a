#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

[[nodiscard]] answer tokens(std::string_view says)
{
    return {200, says, refer(schemas::token_grant), {"Cache-Control"}};
}

}  // namespace

operation register_account()
{
    return {.id = "register",
            .tag = "Accounts",
            .summary = "Make an account",
            .says = "With the role that the server gives to who registers.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::new_account)},
            .answers = {{201, "The new account.", refer(schemas::account)}},
            .refusals = {403, 409}};
}

operation log_in()
{
    return {.id = "logIn",
            .tag = "Accounts",
            .summary = "Log in",
            .says = "Each login is one of its own: an Idempotency-Key is refused.",
            .body = request_body{refer(schemas::login)},
            .answers = {tokens("An access token, and a refresh token for when it has expired.")},
            .refusals = {401}};
}

operation refresh_session()
{
    return {.id = "refreshSession",
            .tag = "Accounts",
            .summary = "Stay logged in",
            .says =
                "Each refresh token is good once. One that comes a second time is in two hands: "
                "then all that came from the same login end. So it can not be sent again, and an "
                "Idempotency-Key is refused: log in anew when the answer was lost.",
            .body = request_body{refer(schemas::session_token)},
            .answers = {tokens("The next two tokens.")},
            .refusals = {401}};
}

operation log_out()
{
    return {.id = "logOut",
            .tag = "Accounts",
            .summary = "Log out",
            .says = "The refresh token, and those that follow it, are good no longer.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::session_token)},
            .answers = {{204, "Done."}}};
}

operation get_me()
{
    return {.id = "getMe",
            .tag = "Accounts",
            .summary = "Who the server takes the caller for",
            .answers = {{200, "Name and role.", refer(schemas::me)}}};
}

operation change_password()
{
    return {
        .id = "changePassword",
        .tag = "Accounts",
        .summary = "Change one's password",
        .says =
            "Whoever is logged in with the old one has to log in anew, which access tokens may "
            "put off until they expire. API keys go on, unless they are to be revoked; with one "
            "of them nobody changes the password.",
        .fields = {"Idempotency-Key"},
        .body = request_body{refer(schemas::new_password)},
        .answers = {{200, "Done.", refer(schemas::changed_password)}},
        .refusals = {401, 404}};
}

operation create_api_key()
{
    return {.id = "createApiKey",
            .tag = "Accounts",
            .summary = "Make an API key",
            .says =
                "For programs: it goes into Authorization as an access token does, and may do what "
                "its account may, until it is revoked; but it takes a login to make one.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::new_api_key)},
            .answers = {{201, "The key.", refer(schemas::shown_api_key), {"Cache-Control"}}},
            .refusals = {403, 404, 409}};
}

operation list_api_keys()
{
    return {.id = "listApiKeys",
            .tag = "Accounts",
            .summary = "List API keys",
            .query = {{"account", refer(schemas::account_name_in),
                       "Whose; those of others are for administrators."}},
            .answers = {{200, "Those that are not revoked.", refer(schemas::api_keys)}},
            .refusals = {403, 404}};
}

operation revoke_api_key()
{
    return {.id = "revokeApiKey",
            .tag = "Accounts",
            .summary = "Revoke an API key",
            .says = "It is refused within five seconds.",
            .fields = {"Idempotency-Key"},
            .answers = {{200, "The key as it was.", refer(schemas::api_key)}},
            .refusals = {404}};
}

operation list_users()
{
    auto const size =
        with_default(integer(limits::users_page_size), limits::default_users_page_size);
    return {
        .id = "listUsers",
        .tag = "Accounts",
        .summary = "List accounts",
        .says = "By name.",
        .query = {{"page_size", size, "Accounts a page."},
                  {"cursor", refer(schemas::account_name_in), "`next_cursor` of the page before."}},
        .answers = {{200, "A page of accounts.", refer(schemas::account_page)}}};
}

operation change_user()
{
    return {.id = "changeUser",
            .tag = "Accounts",
            .summary = "Change an account",
            .says =
                "A new role, and that an account is disabled, are heeded within five seconds; who "
                "is disabled is logged out. One's own account is refused (409), so that the last "
                "administrator stays one.",
            .fields = {"Idempotency-Key"},
            .body = request_body{refer(schemas::account_change)},
            .answers = {{200, "The account as it is then.", refer(schemas::account)}},
            .refusals = {404, 409}};
}

}  // namespace aircargo::server::docs
