#pragma once

#include <string_view>

namespace aircargo::server {

/// Tells systemd how the program is doing, as sd_notify(3) does: `READY=1`, `STOPPING=1`. Does
/// nothing where no manager asked for it (NOTIFY_SOCKET).
void tell_service_manager(std::string_view state);

}  // namespace aircargo::server
