#include "api/query_input.hpp"
#include <charconv>
#include <string>

namespace aircargo::server {

result<std::int64_t> integer_within::operator()(std::string_view text) const
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = failed == std::errc() && end == text.data() + text.size();
    if (whole && number >= range.min && number <= range.max) return number;
    return refuse(errc::invalid_request, "must be an integer from " + std::to_string(range.min) +
                                             " to " + std::to_string(range.max));
}

result<booking_status> parse_status(std::string_view text)
{
    if (auto const status = parse_booking_status(text)) return *status;
    return refuse(errc::invalid_request,
                  "must be BOOKED, DEPARTED, ARRIVED, DELIVERED or CANCELLED");
}

}  // namespace aircargo::server
