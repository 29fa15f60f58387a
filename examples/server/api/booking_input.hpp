#pragma once

#include "api/json_input.hpp"
#include "http/message.hpp"
#include <aircargo/service/booking_service.hpp>
#include <optional>

/// What a booking or an act is asked for with, in a body of its own or in an entry of a batch. Both
/// note in the object's `errors` what is wrong; keys and conditions are for the caller to add.
namespace aircargo::server {

/// Nothing when something is wrong.
[[nodiscard]] std::optional<book_request> read_new_booking(json_object& body, request const& r);

/// The members that an act takes beside who and what: those of a cancellation are fewer.
void read_act_members(json_object& body, request const& r, act_request& act);

}  // namespace aircargo::server
