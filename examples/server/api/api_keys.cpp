#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
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

[[nodiscard]] reply created(new_api_key const& made)
{
    return {.status = 201, .body = api_key_json(made.kept, made.text), .cache_control = "no-store"};
}

}  // namespace

void create_api_key(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const name = body->text("name", limits::api_key_name_bytes);
    key_owner const owner{acting(a.settings().auth, in),
                          body->parsed("account", account_name::parse)};
    body->require("name");
    body->finish();
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    if (!owner.allowed()) return refuse(*x, not_yours());

    auto const plan = [&a, &in, owner, name = *name]() -> result<planned_write> {
        auto const id = owner.find(a.auth().store());
        if (!id) return id.error();
        auto const made = a.auth().accounts().draft_key(*id, name);
        if (!made) return made.error();
        return planned_write{.apply =
                                 [&a, &in, made = *made] {
                                     auto const added = a.auth().store().add_key(made.kept);
                                     return added ? created(made)
                                                  : make_reply(to_problem(added.error()), in);
                                 },
                             .afterwards =
                                 [&in, id = made->kept.id] {
                                     log_info(names_of(in), "auth.api_key_created",
                                              {{"by", name_of_actor(in)}, {"key_id", id}});
                                 }};
    };
    answer_once(a, a.auth().store_work(), std::move(x), std::move(key), plan);
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
    auto const& in = x->in();
    field_errors errors;
    auto key = read_write_key(in, "", errors);
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    auto const who = acting(a.settings().auth, in);
    auto const of_account =
        who.has == role::admin ? std::nullopt : std::optional(std::string(who.account_id));

    auto const plan = [&a, &in, of_account,
                       id = std::string(arguments[0])]() -> result<planned_write> {
        return planned_write{.apply =
                                 [&a, &in, of_account, id] {
                                     auto const revoked =
                                         a.auth().accounts().revoke_key(id, of_account);
                                     return revoked ? reply{.body = api_key_json(*revoked)}
                                                    : make_reply(to_problem(revoked.error()), in);
                                 },
                             .afterwards =
                                 [&in, id] {
                                     log_info(names_of(in), "auth.api_key_revoked",
                                              {{"by", name_of_actor(in)}, {"key_id", id}});
                                 }};
    };
    answer_once(a, a.auth().store_work(), std::move(x), std::move(key), plan);
}

}  // namespace aircargo::server
