#pragma once

#include "simulation/bugs.hpp"
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aircargo::simulation {

/// Replaces a part of a script that has it.
[[nodiscard]] inline std::function<std::string(std::string)> replacing(std::string_view part,
                                                                       std::string_view by)
{
    return [part, by](std::string source) {
        for (auto at = source.find(part); at != source.npos; at = source.find(part, at + by.size()))
            source.replace(at, part.size(), by);
        return source;
    };
}

/// What a planted bug makes of the scripts; nothing for one that is elsewhere.
[[nodiscard]] inline std::function<std::string(std::string)> mutation_of(bug planted)
{
    switch (planted) {
        case bug::fill_without_token: return replacing("if token == ARGV[2]", "if ARGV[2] ~= '0'");
        case bug::fill_during_hold:
            return replacing("'EXISTS', KEYS[2], KEYS[5]", "'EXISTS', KEYS[2]");
        case bug::hold_keeps_entries:
            return replacing("for i = 3, #KEYS do", "for i = 4, #KEYS, 2 do");
        case bug::hold_keeps_tokens:
            return replacing("for i = 3, #KEYS do", "for i = 3, #KEYS, 2 do");
        case bug::settled_by_anyone:
            return replacing("if redis.pcall('GET', KEYS[3]) ~= ARGV[2] then return 0 end", "");
        case bug::readers_tell_nothing:
            return replacing("if kept < revision then",
                             "if ARGV[2] == '0' then return 0 end\nif false then");
        case bug::restart_unnoticed:
            return replacing("type(known) == 'string' and string.sub(known, 17) == ARGV[1]",
                             "type(known) == 'string'");
        default: return {};
    }
}

}  // namespace aircargo::simulation
