#pragma once

#include <aircargo/core/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {

struct field_error {
    std::string field;
    error why;
};

/// A name that the client chose, as an answer repeats it: whole, or not at all, since half a letter
/// would spoil the answer.
[[nodiscard]] inline std::string_view shown(std::string_view name)
{
    constexpr std::size_t longest = 64;
    return name.size() > longest ? "(a long name)" : name;
}

/// What is wrong with the fields of one request: collected, so that a caller sees all of it at
/// once.
class field_errors {
public:
    void add(std::string_view field, error why)
    {
        if (found_.size() < most) found_.push_back({std::string(field), std::move(why)});
    }
    void add(std::string_view field, std::string detail)
    {
        add(field, refuse(errc::invalid_request, std::move(detail)));
    }

    /// The first of these, with their fields named as from outside: `origin` in `entries[3]` is
    /// `entries[3].origin`, and what is wrong with all of it is just `entries[3]`.
    [[nodiscard]] field_errors within(std::string const& place, std::size_t at_most) const
    {
        field_errors outside;
        for (auto const& e : found_) {
            if (outside.found_.size() == at_most) break;
            outside.add(e.field.empty() ? place : place + '.' + e.field, e.why);
        }
        return outside;
    }

    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
    [[nodiscard]] std::vector<field_error> const& all() const noexcept { return found_; }

private:
    static constexpr std::size_t most = 20;  // a hostile body must not make a large answer

    std::vector<field_error> found_;
};

}  // namespace aircargo::server
