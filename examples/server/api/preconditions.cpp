#include "api/preconditions.hpp"
#include "api/limits.hpp"
#include "text.hpp"
#include <algorithm>
#include <charconv>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::int64_t never = -1;  // revisions count from 1

[[nodiscard]] std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The revision in `"3"`; `never` for a tag that is none of ours; nothing for what is no tag at
/// all.
[[nodiscard]] std::optional<std::int64_t> revision_in(std::string_view tag)
{
    bool const quoted = tag.size() >= 2 && tag.front() == '"' && tag.back() == '"';
    auto const inside = quoted ? tag.substr(1, tag.size() - 2) : std::string_view();
    if (!quoted || inside.find('"') != inside.npos) return std::nullopt;
    std::int64_t revision = never;
    auto const [end, failed] =
        std::from_chars(inside.data(), inside.data() + inside.size(), revision);
    bool const ours = failed == std::errc() && end == inside.data() + inside.size() && revision > 0;
    return ours ? revision : never;
}

}  // namespace

std::string etag_of(std::int64_t revision) { return '"' + std::to_string(revision) + '"'; }

std::optional<std::int64_t> read_if_match(request const& r, field_errors& errors)
{
    auto const field = r.header("If-Match");
    if (!field || *field == "*") return std::nullopt;
    bool const weak =
        field->starts_with("W/");  // well formed, but never equal in the strong comparison
    auto const revision = revision_in(weak ? field->substr(2) : *field);
    if (!revision || r.header_count("If-Match") > 1) {
        errors.add("If-Match", "must be one ETag, such as \"3\", or *");
        return std::nullopt;
    }
    return weak ? never : *revision;
}

bool client_has(request const& r, std::string_view etag)
{
    auto const strong = [](std::string_view tag) {
        return tag.starts_with("W/") ? tag.substr(2) : tag;
    };
    for (auto const& field : r.fields) {
        if (!equal_without_case(field.name, "If-None-Match")) continue;
        auto rest = field.value;
        while (!rest.empty()) {
            auto const item = rest.substr(0, rest.find(','));
            rest.remove_prefix(std::min(rest.size(), item.size() + 1));
            auto const one = trimmed(item);
            if (one == "*" || strong(one) == strong(etag)) return true;
        }
    }
    return false;
}

std::optional<idempotency_key> read_idempotency_key(request const& r,
                                                    std::string_view canonical_body,
                                                    field_errors& errors)
{
    auto const key = r.header("Idempotency-Key");
    if (!key) return std::nullopt;
    bool const printable =
        std::all_of(key->begin(), key->end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (key->empty() || key->size() > limits::idempotency_key_bytes || !printable ||
        r.header_count("Idempotency-Key") > 1) {
        errors.add("Idempotency-Key", "must be one text of 1 to " +
                                          std::to_string(limits::idempotency_key_bytes) +
                                          " printable ASCII characters");
        return std::nullopt;
    }
    std::string const method(r.method);
    std::string content = method + '\n' + r.path + '\n';
    content += canonical_body;
    auto scope = method + ' ' + std::string(r.route);
    if (r.who) scope = r.who->account_id + ' ' + scope;
    return idempotency_key{std::move(scope), std::string(*key), sha256(content)};
}

std::optional<idempotency_key> key_of_entry(std::optional<idempotency_key> const& request_key,
                                            std::size_t nth, std::string_view canonical_entry)
{
    if (!request_key) return std::nullopt;
    auto key = *request_key;
    key.key += '/' + std::to_string(nth);
    key.fingerprint = sha256(key.fingerprint + '\n' + std::string(canonical_entry));
    return key;
}

}  // namespace aircargo::server
