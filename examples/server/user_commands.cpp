#include "user_commands.hpp"
#include "auth/account_service.hpp"
#include "backends/existing_stores.hpp"
#include "password_input.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <aircargo/core/account_name.hpp>
#include <iostream>
#include <memory>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] int fail(error const& e)
{
    std::cerr << "aircargo-server: " << e.detail << '\n';
    return 1;
}

/// The accounts of the store that the settings name.
class account_office {
public:
    [[nodiscard]] static result<std::unique_ptr<account_office>> open(config const& c)
    {
        if (c.store == store_kind::memory)
            return refuse(errc::invalid_request, "a store in memory keeps no accounts");
        auto opened = open_existing_stores(c, old_schema_of(c));
        if (!opened) return opened.error();
        return std::unique_ptr<account_office>(new account_office(c, *std::move(opened)));
    }

    account_service& service() noexcept { return service_; }
    any_account_store& store() noexcept { return *stores_.accounts; }

private:
    account_office(config const& c, stores s)
        : stores_(std::move(s)),
          tokens_(c.auth.keys),
          service_(*stores_.accounts, tokens_, {.now = cargo_system::system_time})
    {}

    stores stores_;
    token_issuer tokens_;
    account_service service_;
};

void print(account const& a)
{
    std::cout << a.name.str() << '\t' << name_of(a.role) << '\t'
              << (a.enabled ? "enabled" : "disabled") << '\t' << to_string(a.created_at) << '\n';
}

/// Calls `work(office, name)`, and prints the account that it answers.
template <class Work>
[[nodiscard]] int on_account(config const& c, std::string const& name, Work work)
{
    auto const parsed = account_name::parse(name);
    if (!parsed) return fail(parsed.error());
    auto const office = account_office::open(c);
    if (!office) return fail(office.error());
    result<account> const answer = work(**office, *parsed);
    if (!answer) return fail(answer.error());
    print(*answer);
    return 0;
}

[[nodiscard]] result<account_role> read_role(std::string const& text)
{
    if (auto const role = parse_account_role(text)) return *role;
    return refuse(errc::invalid_request, "a role is viewer, agent or admin, not '" + text + '\'');
}

}  // namespace

int add_user(config const& c, std::string const& name, std::string const& role)
{
    return on_account(c, name, [&](auto& office, account_name const& n) -> result<account> {
        auto const has = read_role(role);
        if (!has) return has.error();
        auto const password = read_password();
        if (!password) return password.error();
        return office.service().add(n, *password, *has);
    });
}

int list_users_of(config const& c)
{
    auto const office = account_office::open(c);
    if (!office) return fail(office.error());
    account_query query{.page_size = account_query::max_page_size};
    for (;;) {
        auto const page = (*office)->store().list(query);
        if (!page) return fail(page.error());
        for (auto const& a : *page) print(a);
        if (page->size() < query.page_size) return 0;
        query.after = page->back().name.str();
    }
}

int set_role_of_user(config const& c, std::string const& name, std::string const& role)
{
    return on_account(c, name, [&](auto& office, account_name const& n) -> result<account> {
        auto const has = read_role(role);
        if (!has) return has.error();
        return office.store().change(n, {.role = *has});
    });
}

int set_password_of_user(config const& c, std::string const& name, bool revoke_api_keys)
{
    return on_account(c, name, [&](auto& office, account_name const& n) -> result<account> {
        auto const password = read_password();
        if (!password) return password.error();
        auto changed = office.service().set_password(n, *password);
        if (!changed) return changed;
        if (revoke_api_keys) {
            if (auto revoked = office.service().revoke_keys(changed->id); !revoked)
                return revoked.error();
        }
        auto const keys = office.store().list_keys(changed->id);
        if (!keys) return keys.error();
        if (!keys->empty()) {
            std::cerr << "aircargo-server: " << keys->size() << " API keys of " << n.str()
                      << " go on; --revoke-api-keys ends them\n";
        }
        return changed;
    });
}

int enable_user(config const& c, std::string const& name, bool enabled)
{
    return on_account(c, name, [&](auto& office, account_name const& n) {
        return office.store().change(n, {.enabled = enabled});
    });
}

}  // namespace aircargo::server
