#pragma once

#include "http/message.hpp"
#include <aircargo/booking/booking.hpp>
#include <string_view>

namespace aircargo::server {

/// A line in the log for a change that was made: `booking.departed`.
void log_change(std::string_view what, request const& r, booking const& now);

}  // namespace aircargo::server
