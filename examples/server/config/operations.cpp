#include "config/operations.hpp"
#include "config/setting_errors.hpp"
#include <string>

namespace aircargo::server {

result<operations_config> read_operations(operations_settings const& given)
{
    constexpr unsigned hour = 3600;
    if (given.drain_grace_s > hour) {
        return bad_setting("--drain-grace (AIRCARGO_DRAIN_GRACE)",
                           std::to_string(given.drain_grace_s), "0 to 3600 seconds");
    }
    return operations_config{.drain_grace = std::chrono::seconds(given.drain_grace_s)};
}

}  // namespace aircargo::server
