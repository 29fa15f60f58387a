#include "page/content_policy.hpp"
#include "text.hpp"
#include <algorithm>
#include <cstddef>
#include <set>

namespace aircargo::server {
namespace {

/// Walks through a page, past its comments.
class html_reader {
public:
    explicit html_reader(std::string_view html) : html_(html), lower_(html)
    {
        std::transform(lower_.begin(), lower_.end(), lower_.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
    }

    /// Goes on behind `<script`, if there is another one.
    [[nodiscard]] bool find_script()
    {
        constexpr std::string_view comment = "<!--";
        constexpr std::string_view script = "<script";
        for (at_ = lower_.find('<', at_); at_ != lower_.npos; at_ = lower_.find('<', at_)) {
            if (lower_.compare(at_, comment.size(), comment) == 0) {
                go_behind("-->");
            } else if (lower_.compare(at_, script.size(), script) == 0 &&
                       ends_name(at_ + script.size())) {
                at_ += script.size();
                return true;
            } else {
                ++at_;
            }
        }
        return false;
    }

    /// Reads the attributes, to behind the `>`. \return whether one of them is `src`
    [[nodiscard]] bool read_attributes()
    {
        bool has_src = false;
        while (at_ < lower_.size() && lower_[at_] != '>') {
            auto const name = word_until(" \t\n\f\r/>=");
            has_src = has_src || name == "src";
            skip(" \t\n\f\r");
            if (at_ < lower_.size() && lower_[at_] == '=') skip_value();
            skip(" \t\n\f\r/");
        }
        at_ = std::min(at_ + 1, lower_.size());
        return has_src;
    }

    /// Reads on to `</script`.
    [[nodiscard]] std::string_view text()
    {
        auto const end = std::min(lower_.find("</script", at_), lower_.size());
        auto const found = html_.substr(at_, end - at_);
        at_ = end;
        return found;
    }

private:
    [[nodiscard]] bool ends_name(std::size_t at) const
    {
        return at < lower_.size() &&
               std::string_view(" \t\n\f\r/>").find(lower_[at]) != std::string_view::npos;
    }
    void skip(std::string_view characters)
    {
        at_ = std::min(lower_.find_first_not_of(characters, at_), lower_.size());
    }
    [[nodiscard]] std::string_view word_until(std::string_view ends)
    {
        auto const end = std::min(lower_.find_first_of(ends, at_), lower_.size());
        auto const word = std::string_view(lower_).substr(at_, end - at_);
        at_ = end;
        return word;
    }
    void skip_value()
    {
        ++at_;  // the equals sign
        skip(" \t\n\f\r");
        if (at_ == lower_.size()) return;
        char const quote = lower_[at_];
        if (quote != '"' && quote != '\'') {
            (void)word_until(" \t\n\f\r>");
            return;
        }
        ++at_;
        go_behind({&quote, 1});
    }
    void go_behind(std::string_view what)
    {
        auto const found = lower_.find(what, at_);
        at_ = found == lower_.npos ? lower_.size() : found + what.size();
    }

    std::string_view html_;
    std::string lower_;
    std::size_t at_ = 0;
};

/// HTML has one kind of line end.
[[nodiscard]] std::string with_plain_line_ends(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            out += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            out += '\n';
        }
    }
    return out;
}

}  // namespace

std::vector<std::string> inline_scripts(std::string_view html)
{
    std::vector<std::string> found;
    html_reader reader(html);
    while (reader.find_script()) {
        bool const from_elsewhere = reader.read_attributes();
        auto const text = reader.text();
        if (!from_elsewhere) found.push_back(with_plain_line_ends(text));
    }
    return found;
}

std::string policy_of_page(std::string_view html)
{
    std::set<std::string> hashes;
    for (auto const& script : inline_scripts(html)) hashes.insert(sha256_base64(script));
    std::string scripts = "'self'";
    for (auto const& hash : hashes) scripts += " 'sha256-" + hash + '\'';
    // What draws charts and dialogs sets styles from its scripts.
    return "default-src 'none'; script-src " + scripts +
           "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
           "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
           "frame-ancestors 'none'";
}

}  // namespace aircargo::server
