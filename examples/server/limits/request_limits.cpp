#include "limits/request_limits.hpp"
#include "limits/client_address.hpp"
#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string_view>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string rounded_up_seconds(std::chrono::microseconds time)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count());
}

void append(std::string& to, std::initializer_list<std::string_view> pieces)
{
    for (auto const piece : pieces) to += piece;
}

[[nodiscard]] std::optional<counted_request> counted(std::string_view policy,
                                                     std::optional<rate_limit> const& limit,
                                                     std::string const& who)
{
    if (!limit) return std::nullopt;
    return counted_request{policy, {std::string(policy) + ':' + who, *limit}};
}

/// So many times the limit, or as much of that as a limit can be.
[[nodiscard]] rate_limit times(std::int64_t factor, rate_limit const& limit)
{
    auto const more = [factor](std::int64_t n) { return std::min(factor * n, rate_limit::most); };
    auto const made = rate_limit::make(more(limit.count()), limit.period(), more(limit.burst()));
    return made ? *made : limit;
}

constexpr std::int64_t addresses_of_an_account = 10;
/// Enough for an office that looks like one address, and an end to who does nothing else.
constexpr std::int64_t requests_of_a_page = 100;

}  // namespace

request_limits::request_limits(limits_config const& c, std::unique_ptr<any_rate_limiter> shared)
    : config_(c), shared_(std::move(shared))
{
    if (!shared_) return;
    asked_.emplace([this](auto batch) { return shared_->check(batch); },
                   funnel_options{.when_thrown = errc::internal_error});
}

std::optional<counted_request> request_limits::limit_of_account(std::string const& name) const
{
    if (!config_.of_logins) return std::nullopt;
    return counted("account", times(addresses_of_an_account, *config_.of_logins), name);
}

std::optional<counted_request> request_limits::limit_of(counting how,
                                                        std::optional<caller> const& who,
                                                        std::string const& client) const
{
    switch (how) {
        case counting::never: return std::nullopt;
        case counting::as_login:
            return counted("login", config_.of_logins, counted_address(client));
        case counting::of_page:
            if (!config_.by_address) return std::nullopt;
            return counted("page", times(requests_of_a_page, *config_.by_address),
                           counted_address(client));
        case counting::by_caller:
        case counting::by_entries: break;
    }
    if (who) return counted("user", config_.by_user, who->account_id);
    return counted("address", config_.by_address, counted_address(client));
}

std::optional<counted_request> request_limits::limit_of_bad_credentials(
    std::string const& client) const
{
    auto bad = counted("address", config_.by_address, counted_address(client));
    if (bad) bad->what.key.insert(0, "credentials of ");  // no request of its own uses that up
    return bad;
}

void request_limits::count_bad_credential(std::string const& client)
{
    if (auto const bad = limit_of_bad_credentials(client)) (void)count_here(bad->what);
}

std::optional<std::pair<counted_request, rate_answer>> request_limits::too_many_bad_credentials(
    std::string const& client)
{
    auto bad = limit_of_bad_credentials(client);
    if (!bad) return std::nullopt;
    bad->what.cost = 0;  // only asks
    auto answer = count_here(bad->what);
    if (answer && answer->remaining > 0) return std::nullopt;
    auto const& limit = bad->what.limit;
    auto const next = std::chrono::microseconds(limit.period().count() / limit.count() + 1);
    rate_answer const none{.allowed = false,
                           .remaining = 0,
                           .retry_after = next,
                           .reset_after = answer ? answer->reset_after : next};
    return std::pair(*std::move(bad), none);
}

void add_rate_limit_fields(std::string& fields, counted_request const& counted,
                           rate_answer const& answer)
{
    auto const& limit = counted.what.limit;
    // What can be used up at once, and the time in which all of it comes back.
    auto const window =
        std::chrono::microseconds(limit.burst() * limit.period().count() / limit.count());
    append(fields, {"RateLimit-Policy: \"", counted.policy, "\";q=", std::to_string(limit.burst()),
                    ";w=", rounded_up_seconds(window), "\r\nRateLimit: \"", counted.policy,
                    "\";r=", std::to_string(answer.remaining),
                    ";t=", rounded_up_seconds(answer.reset_after), "\r\n"});
}

}  // namespace aircargo::server
