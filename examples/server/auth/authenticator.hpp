#pragma once

#include "auth/caller.hpp"
#include "auth/jwt.hpp"
#include "auth/remembered_callers.hpp"
#include <aircargo/async/funnel.hpp>
#include <aircargo/core/clock.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/store/account_store.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {

/// Tells whose a request is, by its Authorization field: `Bearer` and an access token or an API
/// key. The account is always the store's; it is remembered for 5 seconds, so that a new role, a
/// disabled account and a revoked key are heeded by then on every server. Thread-safe.
///
/// Refusals: `invalid_request` where the credential is none of ours, is no longer good, or its
/// account is disabled, with a reason for the log; else the store's.
class authenticator {
public:
    struct options {
        std::chrono::seconds remember_account{5};
        std::size_t remember = 100'000;  ///< credentials
        wall_clock now;
        monotonic_clock clock = [] { return std::chrono::steady_clock::now(); };
    };

    /// Both must outlive it.
    authenticator(any_account_store& store, token_issuer const& tokens, options o);

    /// Answers at once, when it can; else use `lookup`. Takes a fraction of a microsecond.
    [[nodiscard]] std::optional<result<caller>> known(std::string_view authorization);

    /// Whether the credential was good when it was looked up last, however long ago.
    [[nodiscard]] bool was_good(std::string_view authorization);

    /// Asks the store; `handler(result<caller>)` is called on another thread. Questions that wait
    /// together cost one.
    template <class Handler>
    void lookup(std::string_view authorization, Handler&& handler)
    {
        lookups_.submit(question_of(authorization), std::forward<Handler>(handler));
    }

private:
    struct question {
        std::string credential;
        credential_digest digest;
    };
    /// A credential whose account is to be asked for.
    struct open_question {
        std::size_t number;
        std::chrono::steady_clock::time_point credential_until;
    };
    using answers = std::vector<result<caller>>;

    [[nodiscard]] question question_of(std::string_view authorization) const;
    [[nodiscard]] answers look_up(std::span<question const> questions);
    void take_accounts(std::span<question const> questions, std::span<open_question const> open,
                       std::vector<result<account>> const& found, answers& into);

    any_account_store& store_;
    token_issuer const& tokens_;
    options options_;
    remembered_callers remembered_;
    funnel<question, caller> lookups_;  // last, since it uses the others
};

}  // namespace aircargo::server
