#include "auth/page_sessions.hpp"
#include "auth/secrets.hpp"

namespace aircargo::server {
namespace {

/// A refresh token begins with it.
[[nodiscard]] std::string_view session_of(std::string_view token)
{
    return token.substr(0, token.find('.'));
}

}  // namespace

page_sessions::page_sessions(account_service& accounts, options o)
    : accounts_(accounts), options_(std::move(o))
{}

result<std::optional<page_session>> page_sessions::begin(account_name const& name,
                                                         std::string_view password)
{
    return with_account(accounts_.log_in(name, password));
}

result<std::optional<page_session>> page_sessions::refresh(std::string_view token)
{
    return with_account(refresh_once(token));
}

result<void> page_sessions::end(std::string_view token)
{
    auto ended = accounts_.log_out(token);
    std::scoped_lock const lock(mutex_);
    std::erase_if(recent_, [&](auto const& r) { return r.second.session == session_of(token); });
    return ended;
}

page_sessions::outcome page_sessions::refresh_once(std::string_view token)
{
    auto const hash = hash_of_secret(token);
    std::promise<outcome> answer;
    if (auto const before = repeated(hash, token, answer.get_future().share()))
        return before->get();
    auto granted = accounts_.refresh(token);
    if (!granted || !*granted) forget(hash);
    answer.set_value(granted);
    return granted;
}

std::optional<page_sessions::shared_outcome> page_sessions::repeated(std::string const& hash,
                                                                     std::string_view token,
                                                                     shared_outcome answer)
{
    std::scoped_lock const lock(mutex_);
    auto const now = options_.clock();
    drop_old(now);
    auto const until = now + options_.repeats;
    auto const [place, is_first] =
        recent_.try_emplace(hash, recent{std::string(session_of(token)), std::move(answer), until});
    if (!is_first) return place->second.answer;
    by_age_.emplace_back(hash, until);
    return std::nullopt;
}

void page_sessions::drop_old(time_point now)
{
    while (!by_age_.empty() && (by_age_.front().second <= now || by_age_.size() >= options_.most)) {
        auto const found = recent_.find(by_age_.front().first);
        if (found != recent_.end() && found->second.until == by_age_.front().second)
            recent_.erase(found);
        by_age_.pop_front();
    }
}

void page_sessions::forget(std::string const& hash)
{
    std::scoped_lock const lock(mutex_);
    recent_.erase(hash);
}

result<std::optional<page_session>> page_sessions::with_account(outcome const& granted)
{
    if (!granted) return granted.error();
    if (!*granted) return std::optional<page_session>();
    auto const found = accounts_.store().find({&(*granted)->account_id, 1});
    auto const& who = found.front();
    if (!who && who.error().code != errc::not_found) return who.error();
    if (!who || !who->enabled) return std::optional<page_session>();
    return std::optional(page_session{**granted, *who});
}

}  // namespace aircargo::server
