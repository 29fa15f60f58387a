#pragma once

#include <aircargo/store/answer_store.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace aircargo {

/// Answers in this process's memory. One request with a key is done at a time.
class memory_answer_store {
public:
    [[nodiscard]] result<std::optional<std::string>> find(idempotency_key const& key, utc_time now);
    [[nodiscard]] result<std::optional<std::string>> once(idempotency_key const& key, utc_time now,
                                                          answering_work const& work);

private:
    struct kept_answer {
        std::string fingerprint;
        std::string answer;
        utc_time created_at;
    };
    using name = std::pair<std::string, std::string>;  // scope and key

    [[nodiscard]] static bool expired(utc_time created_at, utc_time now)
    {
        return now - created_at >= idempotency_key::lifetime;
    }
    [[nodiscard]] result<std::optional<std::string>> known(idempotency_key const& key,
                                                           utc_time now) const;
    void drop_old(utc_time now);

    std::mutex mutex_;
    std::map<name, kept_answer> answers_;
    std::deque<std::pair<utc_time, name>> by_age_;
};

/// \pre the mutex is held
inline result<std::optional<std::string>> memory_answer_store::known(idempotency_key const& key,
                                                                     utc_time now) const
{
    auto const found = answers_.find({key.scope, key.key});
    if (found == answers_.end() || expired(found->second.created_at, now))
        return std::optional<std::string>();
    if (found->second.fingerprint != key.fingerprint) return idempotency_clash(key);
    return std::optional(found->second.answer);
}

/// \pre the mutex is held
inline void memory_answer_store::drop_old(utc_time now)
{
    while (!by_age_.empty() && expired(by_age_.front().first, now)) {
        auto const found = answers_.find(by_age_.front().second);
        // It may have a new life since.
        if (found != answers_.end() && expired(found->second.created_at, now))
            answers_.erase(found);
        by_age_.pop_front();
    }
}

inline result<std::optional<std::string>> memory_answer_store::find(idempotency_key const& key,
                                                                    utc_time now)
{
    std::scoped_lock const lock(mutex_);
    return known(key, now);
}

inline result<std::optional<std::string>> memory_answer_store::once(idempotency_key const& key,
                                                                    utc_time now,
                                                                    answering_work const& work)
{
    std::scoped_lock const lock(mutex_);
    auto before = known(key, now);
    if (before.has_error() || *before) return before;
    auto answer = work();
    if (!answer) return before;
    drop_old(now);
    by_age_.emplace_back(now, name(key.scope, key.key));
    answers_.insert_or_assign(name(key.scope, key.key),
                              kept_answer{key.fingerprint, *std::move(answer), now});
    return before;
}

static_assert(answer_store<memory_answer_store>);

}  // namespace aircargo
