#pragma once

#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <aircargo/store/booking_store.hpp>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aircargo {

/// Makes a change and answers what is to be told whenever the same request comes again; nothing
/// when it was refused, then all that it changed is undone. May be called again after it was
/// undone.
using answering_work = std::function<std::optional<std::string>()>;

// clang-format off
/// Keeps what requests were answered, by their idempotency keys, for as long as these live. May be used from several
/// threads and processes. Bookings do without: their answers are in their events, see booking_store.hpp.
///
/// `find` answers what was kept for the key: nothing when it is new or older than its lifetime, or
/// `idempotency_mismatch`.
/// `once` answers the same for a key that was used before, and does nothing. Else it calls `work`, and answers nothing:
/// what `work` changed through the other stores of the same database, and what it answered, become durable together.
/// Who comes with the same key meanwhile waits. After `backend_down` and such nothing was changed, after
/// `commit_unknown` nobody knows; asked again it says.
///
/// Of `work` the stores in a database ask that it calls them on the thread that it is called on, that it only changes
/// there and looks up nothing, and that it does nothing that can not be undone. A store in memory undoes nothing: there
/// `work` makes one change at most, which a store either makes or refuses.
template <class S>
concept answer_store = requires(S& s, idempotency_key const& key, utc_time now, answering_work const& work) {
    { s.find(key, now) }       -> std::same_as<result<std::optional<std::string>>>;
    { s.once(key, now, work) } -> std::same_as<result<std::optional<std::string>>>;
};
// clang-format on

/// The run-time form: an answer store chosen by configuration.
class any_answer_store {
public:
    virtual ~any_answer_store() = default;

    [[nodiscard]] virtual result<std::optional<std::string>> find(idempotency_key const& key,
                                                                  utc_time now) = 0;
    [[nodiscard]] virtual result<std::optional<std::string>> once(idempotency_key const& key,
                                                                  utc_time now,
                                                                  answering_work const& work) = 0;
};
static_assert(answer_store<any_answer_store>);

namespace detail {

template <answer_store S>
class erased_answer_store final : public any_answer_store {
public:
    template <class... Args>
    explicit erased_answer_store(Args&&... args) : store_(std::forward<Args>(args)...)
    {}

    result<std::optional<std::string>> find(idempotency_key const& key, utc_time now) override
    {
        return store_.find(key, now);
    }
    result<std::optional<std::string>> once(idempotency_key const& key, utc_time now,
                                            answering_work const& work) override
    {
        return store_.once(key, now, work);
    }

private:
    S store_;
};

}  // namespace detail

/// Makes the run-time form of a backend, built from `args`.
template <answer_store S, class... Args>
[[nodiscard]] std::unique_ptr<any_answer_store> make_answer_store(Args&&... args)
{
    return std::make_unique<detail::erased_answer_store<S>>(std::forward<Args>(args)...);
}

}  // namespace aircargo
