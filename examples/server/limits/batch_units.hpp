#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What a batch costs of a limit of requests. It is told before the batch is read, so that one that
/// is refused costs nothing else.
namespace aircargo::server {

/// As a request alone; the next hundred as another one.
inline constexpr std::size_t entries_a_unit = 100;

/// How many objects stand in a JSON text where the entries of a batch do. Of a text that is none it
/// answers any number.
[[nodiscard]] std::size_t count_entries(std::string_view json) noexcept;

/// One a hundred entries begun, and one for none.
[[nodiscard]] std::int64_t units_of_batch(std::string_view json) noexcept;

}  // namespace aircargo::server
