#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/routing/schedule.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>

namespace aircargo {
namespace detail {

/// Bytes of a file where the system put them, and what keeps them there.
struct mapped_file {
    std::shared_ptr<void const> keep;
    std::span<std::byte const> bytes;
};

[[nodiscard]] result<mapped_file> map_file(std::filesystem::path const& path);
/// Puts a file in place whole or not at all.
[[nodiscard]] result<void> write_file(std::filesystem::path const& path,
                                      std::span<std::byte const> bytes);
[[nodiscard]] error damaged_file(std::filesystem::path const& path, error const& why);

}  // namespace detail

/// Writes a schedule to a file, in place of the one that may be there; whoever has that one open
/// keeps it. A schedule that changed since it was built is arranged anew first.
/// \return `errc::backend_down` where the file can not be written.
template <lane_form Lane>
[[nodiscard]] result<void> save_schedule(std::filesystem::path const& path,
                                         basic_schedule<Lane> const& s)
{
    if (!s.changed()) return detail::write_file(path, s.bytes());
    return detail::write_file(path, basic_schedule<Lane>(s.flights()).bytes());
}

/// Opens a file that `save_schedule` wrote. Nothing is read or copied but what searches come to
/// need, and several processes share one copy in memory. The file must not be written to in place
/// while it is open; saving over it is safe.
/// \return the schedule, or `errc::not_found`, `errc::backend_down`, or `errc::invalid_request` for
/// a file that is not such a schedule.
template <lane_form Lane = lane>
[[nodiscard]] result<basic_schedule<Lane>> open_schedule(std::filesystem::path const& path)
{
    auto mapped = detail::map_file(path);
    if (mapped.has_error()) return mapped.error();
    auto s = basic_schedule<Lane>::from_bytes(std::move(mapped->keep), mapped->bytes);
    if (s.has_error()) return detail::damaged_file(path, s.error());
    return s;
}

}  // namespace aircargo
