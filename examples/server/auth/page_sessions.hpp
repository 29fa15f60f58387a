#pragma once

#include "auth/account_service.hpp"
#include <aircargo/core/clock.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace aircargo::server {

/// A login that goes on in a browser.
struct page_session {
    token_grant grant;
    account who;
};

/// Logging in and staying so, for browsers. They ask twice: two pages of one refresh at the same
/// time, or a page is left before the answer is there. So a refresh token that comes again within
/// some seconds gets what it got the first time; later it ends the session, as anybody's does (see
/// `account_service`). Each call blocks, as there. Thread-safe.
class page_sessions {
public:
    struct options {
        std::chrono::seconds repeats{10};
        std::size_t most = 10'000;  ///< refreshes that are remembered
        monotonic_clock clock = [] { return std::chrono::steady_clock::now(); };
    };

    /// `accounts` must outlive it.
    page_sessions(account_service& accounts, options o);

    /// \return nothing when name and password do not fit, or the account is disabled
    [[nodiscard]] result<std::optional<page_session>> begin(account_name const& name,
                                                            std::string_view password);
    /// \return nothing when it is over
    [[nodiscard]] result<std::optional<page_session>> refresh(std::string_view token);
    [[nodiscard]] result<void> end(std::string_view token);

private:
    using outcome = result<std::optional<token_grant>>;
    using shared_outcome = std::shared_future<outcome>;
    using time_point = std::chrono::steady_clock::time_point;

    /// A refresh that is under way, or was made not long ago.
    struct recent {
        std::string session;
        shared_outcome answer;
        time_point until;
    };

    [[nodiscard]] outcome refresh_once(std::string_view token);
    /// \return the answer to somebody else who presented the same; nothing for the first, whose
    /// answer is to be `answer`
    [[nodiscard]] std::optional<shared_outcome> repeated(std::string const& hash,
                                                         std::string_view token,
                                                         shared_outcome answer);
    void drop_old(time_point now);
    void forget(std::string const& hash);
    [[nodiscard]] result<std::optional<page_session>> with_account(outcome const& granted);

    account_service& accounts_;
    options options_;
    std::mutex mutex_;
    std::unordered_map<std::string, recent> recent_;         // by the token's hash
    std::deque<std::pair<std::string, time_point>> by_age_;  // of those, some of which are gone
};

}  // namespace aircargo::server
