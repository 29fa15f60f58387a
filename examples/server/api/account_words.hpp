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

/// Who asks; with --auth off anybody, who may do everything.
[[nodiscard]] caller acting(request const& r);

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
