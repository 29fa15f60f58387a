#pragma once

#include "http/message.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The Link field (RFC 8288), by which a program turns pages without knowing how a list is asked
/// for.
namespace aircargo::server {

/// `text` with all that could mean something in a URL written as `%41`.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The value of the Link field for a page of the list that `r` asked for: `next` by cursor unless
/// `next_cursor` is empty, `prev` when it is page 2 or later by number, and `first`. What else was
/// asked for stays in each.
[[nodiscard]] std::string page_links(request const& r, std::string_view next_cursor,
                                     std::optional<std::size_t> page = std::nullopt);

}  // namespace aircargo::server
