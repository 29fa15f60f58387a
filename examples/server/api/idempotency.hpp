#pragma once

#include "api/field_errors.hpp"
#include "app.hpp"
#include "http/message.hpp"
#include "worker_pool.hpp"
#include <aircargo/core/result.hpp>
#include <aircargo/store/booking_store.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Writes that are not of bookings, done once however often they are sent with the same
/// Idempotency-Key. The answer is kept, in the transaction of the change itself
/// (docs/decisions/0042-other-writes-keep-their-answers.md).
namespace aircargo::server {

/// What the request holds besides the key.
enum class request_content : std::uint8_t {
    plain,
    password  ///< what is kept of it must be as dear to guess as a password's own hash
};

/// The Idempotency-Key of such a write.
struct write_key {
    std::string text;      ///< as the client chose it
    idempotency_key kept;  ///< what the store gets: of the key and the content only hashes
    request_content content = request_content::plain;

    /// Tells it from all others, also for another scope.
    [[nodiscard]] std::string name() const { return kept.scope + ' ' + kept.key; }
};

/// Reads the key, bound to the route and to the content of the request.
[[nodiscard]] std::optional<write_key> read_write_key(
    request const& r, std::string_view canonical_body, field_errors& errors,
    request_content content = request_content::plain);

/// A change that was looked into: all that it needs is known, and it only has to be made.
struct planned_write {
    /// Makes the change in a store; another answer than 2xx is not kept, and means that nothing was
    /// changed. May be called again after what it did was undone.
    std::function<reply()> apply;
    /// Called once it is durable.
    std::function<void()> afterwards{};
    /// Whether `apply` and the keeping of its answer become durable together. Without that, `apply`
    /// may do what no store can undo; if the server ends between the two, the request that comes
    /// again does it again.
    bool together = true;
};

/// Looks into a request, blocking as long as that takes. An error is the answer then.
using plan_of_write = std::function<result<planned_write>()>;

/// Plans and makes a change on a thread of the pool, unless the request was done before, and
/// answers what it was answered then. Without a key it is done each time.
void answer_once(app& a, worker_pool& pool, exchange_ptr x, std::optional<write_key> key,
                 plan_of_write plan);

// Its parts, for what is not done on one thread. All of them block for the store.

/// \return what the request was answered when it was done, or why it can not be done: the key is
/// another request's, or the store is away; nothing when it is to be done
[[nodiscard]] std::optional<reply> answer_of_before(app& a, request const& r, write_key const& key);
/// Keeps the answer to what is done. \return what is to be answered, which may be what somebody
/// else did meanwhile
[[nodiscard]] reply keep_answer(app& a, request const& r, write_key const& key, reply out);

/// The answer while the same key is in hand. \return a 409
[[nodiscard]] reply still_under_way(request const& r);

/// Refuses a key where it could not keep its promise. \return whether it did
[[nodiscard]] bool refuse_write_key(exchange& x);

}  // namespace aircargo::server
