#include "api/openapi/schemas.hpp"
#include <aircargo/core/account_name.hpp>
#include <aircargo/store/account_store.hpp>
#include <string>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

[[nodiscard]] schema make_account_name_in()
{
    auto const rest = "{0," + std::to_string(account_name::max_size - 1) + '}';
    return with_example(described(pattern("^[A-Za-z0-9][A-Za-z0-9._@+-]" + rest + '$'),
                                  "What somebody logs in with; capitals are folded."),
                        "ada");
}

[[nodiscard]] schema make_account_role()
{
    return described(one_of(names_of(aircargo::account_role::viewer, "unknown")),
                     "A viewer reads, an agent books and moves bookings too, an admin does all.");
}

[[nodiscard]] schema password()
{
    auto s = text(limits::password_bytes.max, limits::password_bytes.min);
    return with_format(std::move(s), "password");
}

[[nodiscard]] schema make_new_account()
{
    return with_example(
        request_object({
            {"name", refer(schemas::account_name_in)},
            {"password", described(password(), "8 to 256 bytes of UTF-8; no rules for letters.")},
        }),
        {{"name", "ada"}, {"password", "correct horse battery"}});
}

[[nodiscard]] schema make_login()
{
    auto given = with_format(text(limits::password_bytes.max), "password");
    return with_example(
        request_object({{"name", refer(schemas::account_name_in)}, {"password", std::move(given)}}),
        {{"name", "ada"}, {"password", "correct horse battery"}});
}

[[nodiscard]] schema make_new_password()
{
    auto present = with_format(text(limits::password_bytes.max), "password");
    return request_object(
        {{"password", described(std::move(present), "The present one.")},
         {"new_password", password()},
         {"revoke_api_keys", described(truth(), "Whether all API keys of the account end."),
          optional}});
}

[[nodiscard]] schema make_changed_password()
{
    return answer_object(
        {{"api_keys", described(count(), "How many API keys of the account go on.")}});
}

[[nodiscard]] schema make_session_token()
{
    return request_object({{"refresh_token", text(limits::refresh_token_bytes)}});
}

[[nodiscard]] schema make_token_grant()
{
    return answer_object({
        {"access_token", described(text(), "Goes into Authorization, behind `Bearer`.")},
        {"token_type", one_of({"Bearer"})},
        {"expires_in", described(count(), "Seconds that the access token is good for.")},
        {"refresh_token", described(text(), "Gives the next two, once.")},
    });
}

[[nodiscard]] schema make_account()
{
    return answer_object({{"name", text()},
                          {"role", refer(schemas::account_role)},
                          {"enabled", described(truth(), "Whether it may log in.")},
                          {"created_at", refer(schemas::instant)}});
}

[[nodiscard]] schema make_account_page()
{
    auto cursor = described(text(), "Of the next page; null on the last.");
    cursor["type"] = {"string", "null"};
    return answer_object(
        {{"items", list(refer(schemas::account))}, {"next_cursor", std::move(cursor)}});
}

[[nodiscard]] schema make_account_change()
{
    auto s = request_object(
        {{"role", refer(schemas::account_role), optional}, {"enabled", truth(), optional}});
    return with_example(described(std::move(s), "One of them at least."), {{"role", "agent"}});
}

[[nodiscard]] schema make_me()
{
    return answer_object({{"name", text()}, {"role", refer(schemas::account_role)}});
}

[[nodiscard]] schema make_page_session()
{
    auto left = described(count(), "Seconds that the cookie with the access token is good for.");
    return answer_object({{"name", text(), optional},
                          {"role", refer(schemas::account_role)},
                          {"expires_in", std::move(left), optional}});
}

[[nodiscard]] schema make_new_api_key()
{
    return with_example(
        request_object({{"name", described(text(limits::api_key_name_bytes), "What it is for.")},
                        {"account",
                         described(refer(schemas::account_name_in),
                                   "Whose it is to be; that of others is for administrators."),
                         optional}}),
        {{"name", "loading dock"}});
}

[[nodiscard]] std::vector<member> api_key_members()
{
    return {{"id", text()},
            {"name", text()},
            {"prefix", described(text(), "What the key begins with.")},
            {"created_at", refer(schemas::instant)},
            {"revoked_at", refer(schemas::instant), optional}};
}

[[nodiscard]] schema make_api_key() { return answer_object(api_key_members()); }

[[nodiscard]] schema make_shown_api_key()
{
    auto members = api_key_members();
    members.push_back({"key", described(text(), "The key itself. It is not shown again.")});
    return answer_object(members);
}

[[nodiscard]] schema make_api_keys()
{
    return answer_object({{"items", list(refer(schemas::api_key))}});
}

}  // namespace

namespace schemas {

named_schema const account_name_in{"AccountNameIn", make_account_name_in};
named_schema const account_role{"AccountRole", make_account_role};
named_schema const new_account{"NewAccount", make_new_account};
named_schema const login{"Login", make_login};
named_schema const new_password{"NewPassword", make_new_password};
named_schema const changed_password{"ChangedPassword", make_changed_password};
named_schema const session_token{"SessionToken", make_session_token};
named_schema const token_grant{"TokenGrant", make_token_grant};
named_schema const account{"Account", make_account};
named_schema const account_page{"AccountPage", make_account_page};
named_schema const account_change{"AccountChange", make_account_change};
named_schema const me{"Me", make_me};
named_schema const page_session{"PageSession", make_page_session};
named_schema const new_api_key{"NewApiKey", make_new_api_key};
named_schema const api_key{"ApiKey", make_api_key};
named_schema const shown_api_key{"ShownApiKey", make_shown_api_key};
named_schema const api_keys{"ApiKeys", make_api_keys};

}  // namespace schemas
}  // namespace aircargo::server::docs
