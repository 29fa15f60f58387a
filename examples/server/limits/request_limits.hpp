#pragma once

#include "auth/caller.hpp"
#include "config/limits.hpp"
#include "http/message.hpp"
#include <aircargo/async/funnel.hpp>
#include <aircargo/limit/memory.hpp>
#include <aircargo/limit/rate_limiter.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aircargo::server {

/// How requests of a route are counted.
enum class counting : std::uint8_t {
    by_caller,   ///< by the account that logged in, else by the address
    by_entries,  ///< the same, and a batch as several
    as_login,    ///< by the address, and more strictly
    of_page,     ///< by the address, a hundred times as many: a page is dozens of files
    never        ///< what watches the server
};

/// A request on its way to be counted.
struct counted_request {
    std::string_view policy;  ///< what RateLimit calls the limit
    rate_request what;
};

/// Counts requests, in this process or in a Redis for all servers. While that can not be reached,
/// each server counts for itself. Thread-safe.
class request_limits {
public:
    /// \param shared counts for all servers; none: each for itself
    request_limits(limits_config const& c, std::unique_ptr<any_rate_limiter> shared);

    /// Nothing when the request has no limit.
    [[nodiscard]] std::optional<counted_request> limit_of(counting how,
                                                          std::optional<caller> const& who,
                                                          std::string const& client) const;

    /// How often a password may be tried on an account, wherever that comes from: ten times as
    /// often as an address may try. So nobody alone can use up the attempts of somebody else.
    [[nodiscard]] std::optional<counted_request> limit_of_account(std::string const& name) const;

    /// Counts a credential that was not good, in this process only: it must cost less than looking
    /// one up.
    void count_bad_credential(std::string const& client);
    /// Why this address brings no more credentials for now, having brought too many bad ones.
    /// Nothing when it may go on.
    [[nodiscard]] std::optional<std::pair<counted_request, rate_answer>> too_many_bad_credentials(
        std::string const& client);

    /// Counts a request, unless others have to be asked; then use `count`.
    [[nodiscard]] std::optional<result<rate_answer>> count_at_once(rate_request const& what)
    {
        return asked_ ? std::nullopt : std::optional(count_here(what));
    }
    /// Counts a request; `then(result<rate_answer>)` is called from another thread.
    template <class Then>
    void count(rate_request what, Then then);

private:
    [[nodiscard]] std::optional<counted_request> limit_of_bad_credentials(
        std::string const& client) const;
    [[nodiscard]] result<rate_answer> count_here(rate_request const& what)
    {
        return local_.check({&what, 1}).front();
    }

    limits_config config_;
    memory_rate_limiter local_;
    std::unique_ptr<any_rate_limiter> shared_;
    std::optional<funnel<rate_request, rate_answer>> asked_;  // last, since it uses the others
};

template <class Then>
void request_limits::count(rate_request what, Then then)
{
    auto kept = what;
    asked_->submit(std::move(what), [this, kept = std::move(kept), then = std::move(then)](
                                        auto answer) { then(answer ? answer : count_here(kept)); });
}

/// The header lines that tell a client where it stands, as the IETF's draft of the RateLimit fields
/// (draft-ietf-httpapi-ratelimit-headers) writes them.
void add_rate_limit_fields(std::string& fields, counted_request const& counted,
                           rate_answer const& answer);

}  // namespace aircargo::server
