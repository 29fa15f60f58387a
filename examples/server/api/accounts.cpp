#include "api/account_words.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
#include "api/json_writer.hpp"
#include "api/limits.hpp"
#include "api/logging_in.hpp"
#include "auth/passwords.hpp"
#include "log.hpp"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

/// Registering, logging in and out.
namespace aircargo::server {
namespace {

[[nodiscard]] std::optional<std::string> read_new_password(json_object& body, std::string_view name)
{
    auto password = body.text(name, limits::password_bytes.max);
    if (!password) return std::nullopt;
    if (auto good = check_new_password(*password); !good) body.errors.add(name, good.error());
    return password;
}

[[nodiscard]] reply another_password(request const& r)
{
    return make_reply(wrong_credentials("the password is another one"), r);
}

[[nodiscard]] reply password_reply(request const& r, result<std::size_t> const& keys_left)
{
    if (keys_left) {
        reply out;
        json_writer(out.body)
            .begin_object()
            .member("api_keys", static_cast<std::int64_t>(*keys_left))
            .end_object();
        return out;
    }
    // It was changed since it was checked.
    if (keys_left.error().code == errc::not_found) return another_password(r);
    return make_reply(to_problem(keys_left.error()), r);
}

void log_registration(request const& r, account const& made)
{
    log_info(names_of(r), "auth.registered",
             {{"name", made.name.str()}, {"role", name_of(made.role)}, {"client", r.client}});
}

[[nodiscard]] reply grant_reply(token_grant const& grant)
{
    return {.body = grant_json(grant), .cache_control = "no-store"};
}

/// A reply to what is answered to a name and password.
struct answer_to_log_in {
    account_name name;

    reply operator()(request const& r, result<std::optional<token_grant>> const& granted) const
    {
        if (!granted) return make_reply(to_problem(granted.error()), r);
        bool const good = granted->has_value();
        log_info(names_of(r), good ? "auth.logged_in" : "auth.login_failed",
                 {{"name", name.str()}, {"client", r.client}});
        if (good) return grant_reply(**granted);
        return make_reply(wrong_credentials("name and password do not fit"), r);
    }
};

}  // namespace

void register_account(app& a, exchange_ptr x, path_arguments const&)
{
    auto const& becomes = a.auth().settings().registration;
    if (!becomes) {
        return refuse(*x, {.status = 403,
                           .code = "registration_off",
                           .detail = "accounts are made by an administrator here"});
    }
    auto body = read_body(*x);
    if (!body) return;
    auto const name = body->parsed("name", account_name::parse);
    auto const password = read_new_password(*body, "password");
    auto const& in = x->in();
    auto key = read_write_key(in, body->canonical(), body->errors, request_content::password);
    if (!finish(*x, *body, {"name", "password"})) return;

    auto const plan = [&a, &in, name = *name, password = *password,
                       role = *becomes]() -> result<planned_write> {
        auto const made = a.auth().accounts().draft(name, password, role);
        if (!made) return made.error();
        return planned_write{.apply =
                                 [&a, &in, made = *made] {
                                     auto const added = a.auth().store().add(made);
                                     return added ? reply{.status = 201, .body = account_json(made)}
                                                  : make_reply(to_problem(added.error()), in);
                                 },
                             .afterwards = [&in, made = *made] { log_registration(in, made); }};
    };
    answer_once(a, a.auth().password_work(), std::move(x), std::move(key), plan);
}

void log_in(app& a, exchange_ptr x, path_arguments const&)
{
    if (refuse_write_key(*x)) return;
    auto body = read_body(*x);
    if (!body) return;
    auto const name = body->parsed("name", account_name::parse);
    auto const password = body->text("password", limits::password_bytes.max);
    if (!finish(*x, *body, {"name", "password"})) return;

    count_attempt(a, x, *name, [&a, x, name = *name, password = *password] {
        a.auth().password_work().submit(
            [&a, name, password] { return a.auth().accounts().log_in(name, password); },
            reply_with(x, answer_to_log_in{name}));
    });
}

void refresh_session(app& a, exchange_ptr x, path_arguments const&)
{
    if (refuse_write_key(*x)) return;
    auto body = read_body(*x);
    if (!body) return;
    auto const token = body->text("refresh_token", limits::refresh_token_bytes);
    if (!finish(*x, *body, {"refresh_token"})) return;

    auto const answer = [](request const& r, result<std::optional<token_grant>> const& granted) {
        if (!granted) return make_reply(to_problem(granted.error()), r);
        if (granted->has_value()) return grant_reply(**granted);
        return make_reply(wrong_credentials("the refresh token can not be used; log in again"), r);
    };
    work_on_accounts(
        a, std::move(x), [&a, token = *token] { return a.auth().accounts().refresh(token); },
        answer);
}

void log_out(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const token = body->text("refresh_token", limits::refresh_token_bytes);
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!finish(*x, *body, {"refresh_token"})) return;

    auto const plan = [&a, &in, token = *token]() -> result<planned_write> {
        return planned_write{[&a, &in, token] {
            auto const done = a.auth().accounts().log_out(token);
            return done ? reply{.status = 204} : make_reply(to_problem(done.error()), in);
        }};
    };
    answer_once(a, a.auth().store_work(), std::move(x), std::move(key), plan);
}

void get_me(app& a, exchange_ptr x, path_arguments const&)
{
    auto const who = acting(a.settings().auth, x->in());
    reply out;
    json_writer(out.body)
        .begin_object()
        .member("name", who.name)
        .member("role", name_of(who.has))
        .end_object();
    x->answer(std::move(out));
}

void change_password(app& a, exchange_ptr x, path_arguments const&)
{
    auto body = read_body(*x);
    if (!body) return;
    auto const& in = x->in();
    auto const old = body->text("password", limits::password_bytes.max);
    auto const next = read_new_password(*body, "new_password");
    auto const keys = body->boolean("revoke_api_keys").value_or(false) ? keys_of_before::are_revoked
                                                                       : keys_of_before::stay;
    auto key = read_write_key(in, body->canonical(), body->errors, request_content::password);
    if (!finish(*x, *body, {"password", "new_password"})) return;
    auto const name = account_name::parse(name_of_actor(in));
    if (!name) return refuse(*x, to_problem(account_not_found()));

    auto const plan = [&a, &in, name = *name, old = *old, next = *next,
                       keys]() -> result<planned_write> {
        auto const what = a.auth().accounts().draft_password(name, old, next);
        if (!what) return what.error();
        if (!*what) return planned_write{[&in] { return another_password(in); }};
        return planned_write{
            .apply =
                [&a, &in, name, what = **what, keys] {
                    return password_reply(in, a.auth().accounts().store_password(name, what, keys));
                },
            .afterwards =
                [&in, name] {
                    log_info(names_of(in), "auth.password_changed", {{"name", name.str()}});
                }};
    };
    count_attempt(a, x, *name,
                  [&a, x, key, plan] { answer_once(a, a.auth().password_work(), x, key, plan); });
}

}  // namespace aircargo::server
