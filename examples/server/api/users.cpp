#include "api/account_words.hpp"
#include "api/body.hpp"
#include "api/handlers.hpp"
#include "api/idempotency.hpp"
#include "api/limits.hpp"
#include "api/query_input.hpp"
#include "log.hpp"
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The accounts of all, for administrators.
namespace aircargo::server {
namespace {

[[nodiscard]] result<account_role> parse_role(std::string_view text)
{
    if (auto const role = parse_account_role(text)) return *role;
    return aircargo::refuse(errc::invalid_request, "must be viewer, agent or admin");
}

[[nodiscard]] result<std::string> parse_name_cursor(std::string_view text)
{
    auto const name = account_name::parse(text);
    if (name && name->str() == text) return name->str();
    return aircargo::refuse(errc::invalid_request, "is not one that a list gave");
}

/// Whoever does it is an administrator, so one is left whatever he does to the others.
[[nodiscard]] problem own_account()
{
    return {.status = 409,
            .code = "own_account",
            .detail = "your own role, and whether you may log in, are for another administrator"};
}

void log_change(request const& r, account const& changed)
{
    log_info(names_of(r), "auth.account_changed",
             {{"by", name_of_actor(r)},
              {"name", changed.name.str()},
              {"role", name_of(changed.role)},
              {"enabled", changed.enabled ? "true" : "false"}});
}

}  // namespace

void list_users(app& a, exchange_ptr x, path_arguments const&)
{
    field_errors errors;
    auto const& in = x->in();
    account_query query;
    query.after = parameter(in, "cursor", errors, parse_name_cursor).value_or("");
    auto const asked = parameter(in, "page_size", errors, integer_within{limits::users_page_size})
                           .value_or(limits::default_users_page_size);
    if (!errors.empty()) return refuse(*x, to_problem(errors));
    auto const size = static_cast<std::size_t>(asked);
    query.page_size = size + 1;  // one more shows that there are more

    auto const answer = [size](request const& r, result<std::vector<account>> const& found) {
        if (!found) return make_reply(to_problem(found.error()), r);
        auto page = *found;
        bool const more = page.size() > size;
        if (more) page.pop_back();
        return reply{.body = accounts_json(page, more ? page.back().name.str() : "")};
    };
    work_on_accounts(
        a, std::move(x), [&a, query] { return a.auth().store().list(query); }, answer);
}

void change_user(app& a, exchange_ptr x, path_arguments const& arguments)
{
    auto const name = account_name::parse(arguments[0]);
    if (!name) return refuse(*x, to_problem(name.error()));
    auto body = read_body(*x);
    if (!body) return;
    account_change const what{.role = body->parsed("role", parse_role),
                              .enabled = body->boolean("enabled")};
    if (!what.role && !what.enabled && body->errors.empty())
        body->errors.add("role", "or enabled is required");
    body->finish();
    auto const& in = x->in();
    auto key = read_write_key(in, body->canonical(), body->errors);
    if (!body->errors.empty()) return refuse(*x, to_problem(body->errors));
    if (name_of_actor(in) == name->str()) return refuse(*x, own_account());

    auto const plan = [&a, &in, name = *name, what]() -> result<planned_write> {
        auto const changed = std::make_shared<std::optional<account>>();
        return planned_write{.apply =
                                 [&a, &in, name, what, changed] {
                                     auto const now = a.auth().store().change(name, what);
                                     if (!now) return make_reply(to_problem(now.error()), in);
                                     *changed = *now;
                                     return reply{.body = account_json(*now)};
                                 },
                             .afterwards = [&in, changed] { log_change(in, **changed); }};
    };
    answer_once(a, a.auth().store_work(), std::move(x), std::move(key), plan);
}

}  // namespace aircargo::server
