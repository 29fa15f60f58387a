#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/limits.hpp"
#include "api/pipeline.hpp"
#include "api/query_input.hpp"
#include "log.hpp"
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// API keys: everybody has to do with their own, administrators with those of others too.
namespace aircargo::server {
namespace {

/// Whose keys are meant.
struct key_owner {
    caller who;                        ///< asks
    std::optional<account_name> name;  ///< is meant; nothing: who asks

    [[nodiscard]] bool is_another() const { return name && name->str() != who.name; }
    [[nodiscard]] bool allowed() const { return !is_another() || who.has == role::admin; }

    [[nodiscard]] result<std::string> find(any_account_store& store) const
    {
        if (!is_another()) return who.account_id;
        auto found = store.find_name(*name);
        if (!found) return found.error();
        return found->id;
    }
};

[[nodiscard]] problem not_yours()
{
    return forbidden("the API keys of others are for administrators");
}

}  // namespace

void create_api_key(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const name = body->text("name", limits::api_key_name_bytes);
    key_owner const owner{acting(a.settings().auth, x->in()),
                          body->parsed("account", account_name::parse)};
    body->require("name");
    body->finish();
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    if (!owner.allowed()) return refuse(*x, not_yours());

    auto const answer = [](request const& r, result<new_api_key> const& made) {
        if (!made) return make_reply(to_problem(made.error()), r);
        log_info("auth.api_key_created",
                 {{"request_id", r.id}, {"by", name_of_actor(r)}, {"key_id", made->kept.id}});
        return reply{.status = 201,
                     .body = api_key_json(made->kept, made->text),
                     .cache_control = "no-store"};
    };
    auto const work = [&a, owner, name = *name]() -> result<new_api_key> {
        auto const id = owner.find(a.auth().store());
        if (!id) return id.error();
        return a.auth().accounts().add_key(*id, name);
    };
    work_on_accounts(a, std::move(x), work, answer);
}

void list_api_keys(app& a, exchange_ptr x, path_arguments const&)
{
    field_errors errors;
    key_owner const owner{acting(a.settings().auth, x->in()),
                          parameter(x->in(), "account", errors, account_name::parse)};
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    if (!owner.allowed()) return refuse(*x, not_yours());

    auto const answer = [](request const& r, result<std::vector<api_key>> const& keys) {
        if (!keys) return make_reply(to_problem(keys.error()), r);
        return reply{.body = api_keys_json(*keys)};
    };
    auto const work = [&a, owner]() -> result<std::vector<api_key>> {
        auto const id = owner.find(a.auth().store());
        if (!id) return id.error();
        return a.auth().store().list_keys(*id);
    };
    work_on_accounts(a, std::move(x), work, answer);
}

void revoke_api_key(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const who = acting(a.settings().auth, x->in());
    auto const of_account =
        who.has == role::admin ? std::nullopt : std::optional(std::string(who.account_id));
    auto const answer = [](request const& r, result<api_key> const& revoked) {
        if (!revoked) return make_reply(to_problem(revoked.error()), r);
        log_info("auth.api_key_revoked",
                 {{"request_id", r.id}, {"by", name_of_actor(r)}, {"key_id", revoked->id}});
        return reply{.body = api_key_json(*revoked)};
    };
    work_on_accounts(
        a, std::move(x),
        [&a, of_account, id = std::string(arguments[0])] {
            return a.auth().accounts().revoke_key(id, of_account);
        },
        answer);
}

}  // namespace aircargo::server
