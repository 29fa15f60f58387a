#include "api/booking_input.hpp"
#include "api/change_log.hpp"
#include "api/handlers.hpp"
#include "api/json_input.hpp"
#include "api/json_output.hpp"
#include "api/json_writer.hpp"
#include "api/limits.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

void refuse_with(exchange& x, problem const& p) { x.answer(make_reply(p, x.in())); }

/// Gathers what becomes of the entries of one request, and answers it when the last one is told.
/// Entries are told from any thread, each once.
class batch_answer : public std::enable_shared_from_this<batch_answer> {
public:
    batch_answer(app& a, exchange_ptr x, std::size_t entries)
        : app_(a), x_(std::move(x)), outcomes_(entries), left_(entries)
    {}

    void refuse(std::size_t nth, problem p) { tell(nth, {.refusal = std::move(p)}); }
    /// `status` and `log_as` are for a change that was made.
    void tell_change(std::size_t nth, result<booking> const& changed, unsigned status,
                     std::string_view log_as)
    {
        if (!changed) return refuse(nth, to_problem(changed.error()));
        app_.tally().count(changed->status);
        tell(nth, {status, log_as, *changed, std::nullopt});
    }

private:
    struct outcome {
        unsigned status = 0;
        std::string_view log_as{};
        std::optional<booking> now{};
        std::optional<problem> refusal{};
    };

    void tell(std::size_t nth, outcome what)
    {
        outcomes_[nth] = std::move(what);
        if (left_.fetch_sub(1) > 1) return;
        x_->post([self = shared_from_this()] { self->x_->answer(self->make()); });
    }

    [[nodiscard]] reply make() const
    {
        auto const& in = x_->in();
        reply out{.status = 207};
        out.body.reserve(64 + outcomes_.size() * 450);
        json_writer json(out.body);
        json.begin_object().key("results").begin_array();
        for (auto const& o : outcomes_) write(json, o, in);
        json.end_array().end_object();
        return out;
    }

    static void write(json_writer& json, outcome const& o, request const& in)
    {
        json.begin_object();
        if (o.refusal) {
            json.member("status", o.refusal->status).key("problem");
            write_problem(json, *o.refusal, in);
        } else {
            log_change(o.log_as, in, *o.now);
            json.member("status", o.status).key("booking");
            write_booking(json, *o.now);
        }
        json.end_object();
    }

    app& app_;
    exchange_ptr x_;
    std::vector<outcome> outcomes_;
    std::atomic<std::size_t> left_;
};

/// The entries of a batch; answers the request and nothing else where there are none.
[[nodiscard]] std::optional<std::vector<json_object>> read_entries(
    exchange& x, std::optional<idempotency_key>& key)
{
    auto body = json_object::parse(x.in().body);
    if (!body) {
        refuse_with(x, {.status = 400, .code = "invalid_json", .detail = body.error().detail});
        return std::nullopt;
    }
    body->require("entries");
    auto entries = body->objects("entries", limits::batch_entries);
    body->finish();
    if (x.in().header("If-Match"))
        body->errors.add("If-Match", "is for one booking; entries have if_revision");
    // Each entry has a fingerprint of its own, see `key_of_entry`.
    key = read_idempotency_key(x.in(), "", body->errors);
    if (body->errors.empty()) return entries;
    refuse_with(x, to_problem(body->errors));
    return std::nullopt;
}

/// What is wrong with an entry, its fields named as from outside: `entries[3].origin`.
[[nodiscard]] problem refusal_of(json_object const& entry, std::size_t nth)
{
    constexpr std::size_t most = 5;  // of a thousand entries
    return to_problem(entry.errors.within("entries[" + std::to_string(nth) + ']', most));
}

[[nodiscard]] result<booking_act> parse_act(std::string_view text)
{
    for (auto act : all_booking_acts) {
        if (name_of(act) == text) return act;
    }
    return refuse(errc::invalid_request, "must be depart, arrive, deliver or cancel");
}

[[nodiscard]] std::string_view done(booking_act act) noexcept
{
    switch (act) {
        case booking_act::depart: return "booking.departed";
        case booking_act::arrive: return "booking.arrived";
        case booking_act::deliver: return "booking.delivered";
        case booking_act::cancel: return "booking.cancelled";
    }
    return "?";
}

[[nodiscard]] std::optional<act_request> read_entry(json_object& entry, request const& r)
{
    auto const ref = entry.parsed("ref_id", booking_ref::parse);
    auto const which = entry.parsed("act", parse_act);
    for (auto const* name : {"ref_id", "act"}) entry.require(name);
    act_request act{.ref = ref.value_or(booking_ref::from_number(0, booking_ref::min_digits)),
                    .act = which.value_or(booking_act::arrive),
                    .if_revision = entry.integer("if_revision", limits::id)};
    read_act_members(entry, r, act);
    return entry.errors.empty() ? std::optional(std::move(act)) : std::nullopt;
}

}  // namespace

void create_bookings(app& a, exchange_ptr x, path_arguments const&)
{
    std::optional<idempotency_key> key;
    auto entries = read_entries(*x, key);
    if (!entries) return;
    auto const& in = x->in();
    auto const answer = std::make_shared<batch_answer>(a, std::move(x), entries->size());
    for (std::size_t nth = 0; nth < entries->size(); ++nth) {
        auto& entry = (*entries)[nth];
        auto wanted = read_new_booking(entry, in);
        if (!wanted) {
            answer->refuse(nth, refusal_of(entry, nth));
            continue;
        }
        wanted->key = key_of_entry(key, nth, entry.canonical());
        a.desk().writes.submit(*std::move(wanted), [answer, nth](result<booking> const& made) {
            answer->tell_change(nth, made, 201, "booking.created");
        });
    }
}

/// Acts of one booking are worked off in the order in which they stand, since the desk keeps those
/// of one booking in order.
void change_bookings(app& a, exchange_ptr x, path_arguments const&)
{
    std::optional<idempotency_key> key;
    auto entries = read_entries(*x, key);
    if (!entries) return;
    auto const& in = x->in();
    auto const answer = std::make_shared<batch_answer>(a, std::move(x), entries->size());
    for (std::size_t nth = 0; nth < entries->size(); ++nth) {
        auto& entry = (*entries)[nth];
        auto act = read_entry(entry, in);
        if (!act) {
            answer->refuse(nth, refusal_of(entry, nth));
            continue;
        }
        act->key = key_of_entry(key, nth, entry.canonical());
        auto const told = [answer, nth, as = done(act->act)](result<booking> const& changed) {
            answer->tell_change(nth, changed, 200, as);
        };
        a.desk().writes.submit(*std::move(act), told);
    }
}

}  // namespace aircargo::server
