#pragma once

#include "log.hpp"
#include <exception>
#include <string_view>

namespace aircargo::server {

/// Takes a step of a thread that goes on whatever happens. What is thrown there is a mistake of
/// ours, or no memory, and would end the program; it goes into the log, with `where` it was.
/// \return whether nothing was thrown
template <class Step>
bool guarded(std::string_view where, Step&& step) noexcept
{
    try {
        step();
        return true;
    } catch (std::exception const& failure) {
        try {
            log_error("internal_error", {{"where", where}, {"detail", failure.what()}});
        } catch (std::exception const&) {  // there may be no memory for that either
        }
    }
    return false;
}

}  // namespace aircargo::server
