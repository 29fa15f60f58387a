#include "api/account_words.hpp"
#include "api/cross_site.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
#include "api/json_writer.hpp"
#include "api/limits.hpp"
#include "api/logging_in.hpp"
#include "log.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <utility>

/// Logging in and out for the web page, which has its tokens in cookies that no script can read.
namespace aircargo::server {
namespace {

using answered_session = result<std::optional<page_session>>;

[[nodiscard]] std::string session_json(caller const& who,
                                       std::optional<std::chrono::seconds> expires_in)
{
    std::string text;
    json_writer out(text);
    out.begin_object();
    if (!who.name.empty()) out.member("name", who.name);
    out.member("role", name_of(who.has));
    if (expires_in) out.member("expires_in", expires_in->count());
    out.end_object();
    return text;
}

[[nodiscard]] reply session_reply(session_cookies const& cookies, page_session const& session)
{
    auto const& [grant, who] = session;
    caller const named{who.id, who.name.str(), role_of(who.role)};
    reply out{.body = session_json(named, grant.expires_in), .cache_control = "no-store"};
    cookies.give(out, grant);
    return out;
}

/// Also where no cookie is asked for: another site could log its visitors in as somebody else.
[[nodiscard]] bool refuse_other_pages(exchange& x)
{
    bool const other = !is_of_own_page(x.in());
    if (other) refuse(x, cross_site());
    return other || refuse_write_key(x);
}

/// The refresh token that came; nothing for what can not be one.
[[nodiscard]] std::optional<std::string> refresh_token_of(app const& a, request const& r)
{
    auto const token = a.cookies().refresh_token(r);
    if (!token || token->size() > limits::refresh_token_bytes) return std::nullopt;
    return std::string(*token);
}

[[nodiscard]] reply session_over(session_cookies const& cookies, request const& r)
{
    auto out = make_reply(wrong_credentials("the session is over; log in again"), r);
    cookies.clear(out);
    return out;
}

}  // namespace

void begin_session(app& a, exchange_ptr x, path_arguments const&)
{
    if (refuse_other_pages(*x)) return;
    auto body = read_body(*x);
    if (!body) return;
    auto const name = body->parsed("name", account_name::parse);
    auto const password = body->text("password", limits::password_bytes.max);
    if (!finish(*x, *body, {"name", "password"})) return;

    auto const answer = [&a, name = *name](request const& r, answered_session const& begun) {
        if (!begun) return make_reply(to_problem(begun.error()), r);
        bool const good = begun->has_value();
        log_info(names_of(r), good ? "auth.logged_in" : "auth.login_failed",
                 {{"name", name.str()}, {"client", r.client}});
        if (good) return session_reply(a.cookies(), **begun);
        return make_reply(wrong_credentials("name and password do not fit"), r);
    };
    count_attempt(a, x, *name, [&a, x, name = *name, password = *password, answer] {
        a.auth().password_work().submit(
            [&a, name, password] { return a.auth().sessions().begin(name, password); },
            reply_with(x, answer));
    });
}

void get_session(app& a, exchange_ptr x, path_arguments const&)
{
    auto const token = a.cookies().access_token(x->in());
    bool const by_cookie = token && x->in().who && !x->in().header("Authorization");
    x->answer({.body = session_json(acting(a.settings().auth, x->in()),
                                    by_cookie ? a.auth().time_left(*token) : std::nullopt),
               .cache_control = "no-store"});
}

void renew_session(app& a, exchange_ptr x, path_arguments const&)
{
    if (refuse_other_pages(*x)) return;
    auto const token = refresh_token_of(a, x->in());
    if (!token) return x->answer(session_over(a.cookies(), x->in()));
    auto const answer = [&a](request const& r, answered_session const& renewed) {
        if (!renewed) return make_reply(to_problem(renewed.error()), r);
        if (renewed->has_value()) return session_reply(a.cookies(), **renewed);
        return session_over(a.cookies(), r);
    };
    work_on_accounts(
        a, std::move(x), [&a, token = *token] { return a.auth().sessions().refresh(token); },
        answer);
}

void end_session(app& a, exchange_ptr x, path_arguments const&)
{
    if (refuse_other_pages(*x)) return;
    auto const answer = [&a](request const& r, result<void> const& ended) {
        if (!ended) return make_reply(to_problem(ended.error()), r);
        reply out{.status = 204};
        a.cookies().clear(out);
        return out;
    };
    auto const token = refresh_token_of(a, x->in());
    if (!token) return x->answer(answer(x->in(), {}));
    work_on_accounts(
        a, std::move(x), [&a, token = *token] { return a.auth().sessions().end(token); }, answer);
}

}  // namespace aircargo::server
