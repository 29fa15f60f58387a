#pragma once

#include "webhooks/sender.hpp"
#include <aircargo/store/webhook_store.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Webhooks as the API tells of them.
namespace aircargo::server {

/// \param secret when it was made just now
[[nodiscard]] std::string webhook_json(webhook const& w,
                                       std::optional<std::string_view> secret = std::nullopt);
[[nodiscard]] std::string webhooks_json(std::vector<webhook> const& all);
[[nodiscard]] std::string deliveries_json(std::vector<webhook_delivery> const& page,
                                          std::string_view next_cursor);
[[nodiscard]] std::string outcome_json(send_outcome const& out);

}  // namespace aircargo::server
