#pragma once

#include <aircargo/cache/cache.hpp>
#include <aircargo/lock/lock_manager.hpp>
#include <memory>

/// Ports that write a debug line for all that they are asked and answer.
namespace aircargo::server {

[[nodiscard]] std::unique_ptr<any_cache> log_calls(std::unique_ptr<any_cache> of);
[[nodiscard]] std::unique_ptr<any_lock_manager> log_calls(std::unique_ptr<any_lock_manager> of);

}  // namespace aircargo::server
