#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/json_writer.hpp"
#include "api/limits.hpp"
#include "api/pipeline.hpp"
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

/// Whether the body has these members, and no others than were asked for; else it is refused.
[[nodiscard]] bool finish(exchange& x, json_object& body,
                          std::initializer_list<std::string_view> needed)
{
    for (auto name : needed) body.require(name);
    body.finish();
    if (body.errors.empty()) return true;
    refuse(x, to_problem(body.errors));
    return false;
}

[[nodiscard]] problem wrong_credentials(std::string detail)
{
    return {.status = 401, .code = "invalid_credentials", .detail = std::move(detail)};
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
        log_info(good ? "auth.logged_in" : "auth.login_failed",
                 {{"request_id", r.id}, {"name", name.str()}, {"client", r.client}});
        if (good) return grant_reply(**granted);
        return make_reply(wrong_credentials("name and password do not fit"), r);
    }
};

/// Goes on unless there were too many attempts on this account, wherever they came from.
template <class GoOn>
void count_attempt(app& a, exchange_ptr x, account_name const& name, GoOn go_on)
{
    auto const counted = a.limits().limit_of_account(name.str());
    if (!counted) return go_on();
    auto const decide = [x, counted, go_on](result<rate_answer> const& answer) {
        if (!answer) return refuse(*x, to_problem(answer.error()));
        if (!answer->allowed) return refuse(*x, too_many(*counted, *answer));
        go_on();
    };
    if (auto const answer = a.limits().count_at_once(counted->what)) return decide(*answer);
    a.limits().count(counted->what, [x, decide](auto const& answer) {
        x->post([decide, answer] { decide(answer); });
    });
}

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
    if (!finish(*x, *body, {"name", "password"})) return;

    auto const answer = [](request const& r, result<account> const& made) {
        if (!made) return make_reply(to_problem(made.error()), r);
        log_info("auth.registered", {{"request_id", r.id},
                                     {"name", made->name.str()},
                                     {"role", name_of(made->role)},
                                     {"client", r.client}});
        return reply{.status = 201, .body = account_json(*made)};
    };
    a.auth().password_work().submit(
        [&a, name = *name, password = *password, role = *becomes] {
            return a.auth().accounts().add(name, password, role);
        },
        reply_with(std::move(x), answer));
}

void log_in(app& a, exchange_ptr x, path_arguments const&)
{
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
    auto const token = body->text("refresh_token", limits::refresh_token_bytes);
    if (!finish(*x, *body, {"refresh_token"})) return;

    auto const answer = [](request const& r, result<void> const& done) {
        if (!done) return make_reply(to_problem(done.error()), r);
        return reply{.status = 204};
    };
    work_on_accounts(
        a, std::move(x), [&a, token = *token] { return a.auth().accounts().log_out(token); },
        answer);
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
    auto const old = body->text("password", limits::password_bytes.max);
    auto const next = read_new_password(*body, "new_password");
    auto const keys = body->boolean("revoke_api_keys").value_or(false) ? keys_of_before::are_revoked
                                                                       : keys_of_before::stay;
    if (!finish(*x, *body, {"password", "new_password"})) return;
    auto const name = account_name::parse(name_of_actor(x->in()));
    if (!name) return refuse(*x, to_problem(account_not_found()));

    auto const answer = [name = *name](request const& r,
                                       result<std::optional<std::size_t>> const& keys_left) {
        if (!keys_left) return make_reply(to_problem(keys_left.error()), r);
        if (!*keys_left) return make_reply(wrong_credentials("the password is another one"), r);
        auto const left = static_cast<std::int64_t>(**keys_left);
        log_info("auth.password_changed",
                 {{"request_id", r.id}, {"name", name.str()}, {"api_keys", std::to_string(left)}});
        reply out;
        json_writer(out.body).begin_object().member("api_keys", left).end_object();
        return out;
    };
    count_attempt(a, x, *name, [&a, x, name = *name, old = *old, next = *next, keys, answer] {
        a.auth().password_work().submit(
            [&a, name, old, next, keys] {
                return a.auth().accounts().change_password(name, old, next, keys);
            },
            reply_with(x, answer));
    });
}

}  // namespace aircargo::server
