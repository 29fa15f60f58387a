#pragma once

#include "http/message.hpp"
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Which page a browser sent a request for. Programs say nothing about that, and no page can make
/// its browser say something else.
namespace aircargo::server {

enum class sending_page : std::uint8_t {
    none,    ///< a program, or somebody who typed the address
    own,     ///< a page of this server
    listed,  ///< a page of an origin that may call it
    foreign  ///< a page of anybody else
};

/// Goes by Sec-Fetch-Site, which knows the page's address however a proxy names us, and in browsers
/// without it by Origin and Host. Of two such fields none is believed.
/// \param listed origins as browsers write them, such as `https://desk.example`
[[nodiscard]] sending_page page_that_sent(request const& r, std::span<std::string const> listed);

/// Whether a method promises to change nothing.
[[nodiscard]] bool is_safe_method(std::string_view method) noexcept;

}  // namespace aircargo::server
