#include "config/webhooks.hpp"
#include "config/lists.hpp"
#include "config/setting_errors.hpp"
#include <array>
#include <string_view>

namespace aircargo::server {
namespace {

struct bounded_setting {
    std::string_view name;
    unsigned given;
    unsigned min;
    unsigned max;
};

[[nodiscard]] result<void> check(bounded_setting const& s)
{
    if (s.given >= s.min && s.given <= s.max) return {};
    return bad_setting(s.name, std::to_string(s.given),
                       std::to_string(s.min) + " to " + std::to_string(s.max));
}

}  // namespace

result<webhooks_config> read_webhooks(webhooks_settings const& given)
{
    constexpr unsigned a_day = 86'400;
    std::array const bounded{
        bounded_setting{"--webhook-timeout (AIRCARGO_WEBHOOK_TIMEOUT)", given.timeout_s, 1, 120},
        bounded_setting{"--webhook-parallel (AIRCARGO_WEBHOOK_PARALLEL)", given.most_of_one, 1,
                        256},
        bounded_setting{"--webhook-retry-first (AIRCARGO_WEBHOOK_RETRY_FIRST)", given.retry_first_s,
                        1, a_day},
        bounded_setting{"--webhook-retry-longest (AIRCARGO_WEBHOOK_RETRY_LONGEST)",
                        given.retry_longest_s, given.retry_first_s, a_day},
        bounded_setting{"--webhook-give-up (AIRCARGO_WEBHOOK_GIVE_UP)", given.give_up_s, 1,
                        30 * a_day},
        bounded_setting{"--webhook-keep-dead (AIRCARGO_WEBHOOK_KEEP_DEAD)", given.keep_dead_s, 1,
                        3650 * a_day},
    };
    for (auto const& s : bounded)
        if (auto checked = check(s); !checked) return checked.error();
    auto networks = read_networks("--webhook-networks (AIRCARGO_WEBHOOK_NETWORKS)", given.networks);
    if (!networks) return networks.error();
    using std::chrono::seconds;
    return webhooks_config{*std::move(networks),
                           given.ca_file,
                           seconds(given.timeout_s),
                           given.most_of_one,
                           {seconds(given.retry_first_s), seconds(given.retry_longest_s),
                            seconds(given.give_up_s), seconds(given.keep_dead_s)},
                           given.max_webhooks};
}

}  // namespace aircargo::server
