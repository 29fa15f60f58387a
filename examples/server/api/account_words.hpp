#pragma once

#include "app.hpp"
#include "auth/account_service.hpp"
#include "auth/caller.hpp"
#include "http/message.hpp"
#include <aircargo/store/account_store.hpp>
#include <optional>
#include <string>
#include <string_view>

/// What the routes about accounts share.
namespace aircargo::server {

/// Who asks. Who has not logged in may do nothing, but with --auth off everything.
[[nodiscard]] caller acting(auth_config const& c, request const& r);
/// The name of who asks, for the log; empty where nobody has logged in.
[[nodiscard]] std::string name_of_actor(request const& r);

/// Hands work on accounts in, and answers with what `make_reply(request, result)` makes of it.
template <class Work, class MakeReply>
void work_on_accounts(app& a, exchange_ptr x, Work work, MakeReply make_reply)
{
    a.auth().store_work().submit(std::move(work), reply_with(std::move(x), std::move(make_reply)));
}

[[nodiscard]] std::string account_json(account const& a);
[[nodiscard]] std::string accounts_json(std::vector<account> const& page,
                                        std::string const& next_cursor);
/// \param text of the key, when it was made just now
[[nodiscard]] std::string api_key_json(api_key const& key,
                                       std::optional<std::string_view> text = std::nullopt);
[[nodiscard]] std::string api_keys_json(std::vector<api_key> const& keys);
[[nodiscard]] std::string grant_json(token_grant const& grant);

}  // namespace aircargo::server
