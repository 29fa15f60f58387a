#pragma once

#include "http/message.hpp"

namespace aircargo::server {

/// Gives the request its id and its place in a trace: those that the client sent, where they can be
/// used, else new ones.
void identify(request& r);

}  // namespace aircargo::server
