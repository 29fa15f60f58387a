#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utf8.hpp>
#include <algorithm>
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace aircargo {

/// What somebody logs in with: 1 to 64 of a-z, 0-9 and `._-@+`, beginning with a letter or digit.
/// Capitals are folded, so that nobody can look like somebody else; other alphabets are not taken
/// for the same reason. An `account_name` that exists is valid, because `parse` is the only way in.
class account_name {
public:
    static constexpr std::size_t max_size = 64;

    /// \return the name, or `invalid_request`
    [[nodiscard]] static result<account_name> parse(std::string_view text);

    [[nodiscard]] std::string const& str() const noexcept { return text_; }

    friend auto operator<=>(account_name const&, account_name const&) = default;

private:
    explicit account_name(std::string text) noexcept : text_(std::move(text)) {}

    std::string text_;
};

inline result<account_name> account_name::parse(std::string_view text)
{
    auto const is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    auto const may_follow = [&](char c) {
        return is_plain(c) || std::string_view("._-@+").find(c) != std::string_view::npos;
    };
    std::string folded(text.substr(0, max_size + 1));
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    bool const good = !folded.empty() && folded.size() <= max_size && is_plain(folded.front()) &&
                      std::all_of(folded.begin(), folded.end(), may_follow);
    if (good) return account_name(std::move(folded));
    return refuse(errc::invalid_request,
                  quoted(text) +
                      " is not a name: it must be 1 to 64 letters (a-z), digits and "
                      "._-@+, and begin with a letter or digit");
}

}  // namespace aircargo
