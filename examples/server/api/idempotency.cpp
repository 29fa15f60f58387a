#include "api/idempotency.hpp"
#include "api/body.hpp"
#include "api/preconditions.hpp"
#include "api/problem.hpp"
#include "auth/passwords.hpp"
#include "text.hpp"
#include <aircargo/async/cargo_system.hpp>
#include <charconv>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::string_view with_secret = "no-store";  // what no cache may keep

[[nodiscard]] bool is_done(reply const& out) { return out.status >= 200 && out.status < 300; }

// ------------------------------------------------------------------------------- answers as texts

/// `201 31`, a line end, so many bytes of header lines, and the body.
[[nodiscard]] std::string write_answer(reply const& out)
{
    return std::to_string(out.status) + ' ' + std::to_string(out.fields.size()) + '\n' +
           out.fields + out.body;
}

[[nodiscard]] std::optional<reply> read_answer(std::string_view text)
{
    reply out;
    std::size_t fields = 0;
    auto const* const end = text.data() + text.size();
    auto at = std::from_chars(text.data(), end, out.status);
    if (at.ec == std::errc() && at.ptr != end) at = std::from_chars(at.ptr + 1, end, fields);
    if (at.ec != std::errc() || at.ptr == end) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(at.ptr + 1 - text.data()));
    if (fields > text.size()) return std::nullopt;
    out.fields = text.substr(0, fields);
    out.body = text.substr(fields);
    return out;
}

constexpr std::string_view open_mark = "open\n";
constexpr std::string_view sealed_mark = "sealed\n";

[[nodiscard]] std::string as_kept(app const& a, write_key const& key, reply const& out)
{
    auto const text = write_answer(out);
    if (out.cache_control != with_secret) return std::string(open_mark) + text;
    return std::string(sealed_mark) + a.seal().close(text, key.text);
}

[[nodiscard]] std::optional<reply> from_kept(app const& a, write_key const& key,
                                             std::string_view kept)
{
    if (kept.starts_with(open_mark)) return read_answer(kept.substr(open_mark.size()));
    if (!kept.starts_with(sealed_mark)) return std::nullopt;
    auto const text = a.seal().open(kept.substr(sealed_mark.size()), key.text);
    auto out = text ? read_answer(*text) : std::nullopt;
    if (out) out->cache_control = with_secret;
    return out;
}

/// It was done, and nobody can read any more what it was answered.
[[nodiscard]] problem unreadable()
{
    return {.status = 409,
            .code = "answer_unreadable",
            .detail =
                "the request was done, and its answer holds a secret that can not be read "
                "any more, since the server has another signing key now; remove what it made "
                "and send the request with a new Idempotency-Key"};
}

[[nodiscard]] reply same_answer(app const& a, request const& r, write_key const& key,
                                std::string_view kept)
{
    auto out = from_kept(a, key, kept);
    return out ? *std::move(out) : make_reply(unreadable(), r);
}

// --------------------------------------------------------------------------------------------
// doing

/// The store knows the key by its hash, the client by its text.
[[nodiscard]] reply refusal(request const& r, write_key const& key, error const& why)
{
    if (why.code != errc::idempotency_mismatch) return make_reply(to_problem(why), r);
    auto by_text = key.kept;
    by_text.key = key.text;
    return make_reply(to_problem(idempotency_clash(by_text)), r);
}

/// What is kept of a password's request takes as long to guess as the password's hash.
void slow_down(write_key& key)
{
    if (key.content != request_content::password) return;
    key.kept.fingerprint = slow_hash(key.kept.fingerprint, key.name());
}

[[nodiscard]] reply apply_together(app& a, request const& r, write_key const& key,
                                   planned_write const& planned, bool& done)
{
    reply out;
    auto const before = a.answers().once(key.kept, cargo_system::system_time(), [&] {
        out = planned.apply();
        return is_done(out) ? std::optional(as_kept(a, key, out)) : std::nullopt;
    });
    if (!before) return refusal(r, key, before.error());
    if (*before) return same_answer(a, r, key, **before);
    done = is_done(out);
    return out;
}

[[nodiscard]] reply apply(app& a, request const& r, std::optional<write_key> const& key,
                          planned_write const& planned, bool& done)
{
    if (key && planned.together) return apply_together(a, r, *key, planned, done);
    auto out = planned.apply();
    done = is_done(out);
    return key && done ? keep_answer(a, r, *key, std::move(out)) : out;
}

[[nodiscard]] reply run(app& a, request const& r, std::optional<write_key>& key,
                        plan_of_write const& plan)
{
    if (key) {
        slow_down(*key);
        if (auto before = answer_of_before(a, r, *key)) return *std::move(before);
    }
    auto const planned = plan();
    if (!planned) return make_reply(to_problem(planned.error()), r);
    bool done = false;
    auto out = apply(a, r, key, *planned, done);
    if (done && planned->afterwards) planned->afterwards();
    return out;
}

}  // namespace

std::optional<write_key> read_write_key(request const& r, std::string_view canonical_body,
                                        field_errors& errors, request_content content)
{
    auto key = read_idempotency_key(r, canonical_body, errors);
    if (!key) return std::nullopt;
    write_key out{key->key, *std::move(key), content};
    out.kept.key = sha256(out.kept.scope + '\n' + out.text);
    return out;
}

void answer_once(app& a, worker_pool& pool, exchange_ptr x, std::optional<write_key> key,
                 plan_of_write plan)
{
    auto const& in = x->in();
    auto work = [&a, &in, key = std::move(key), plan = std::move(plan)]() mutable {
        return result<reply>(run(a, in, key, plan));
    };
    pool.submit(std::move(work), reply_with(std::move(x), [](request const& r, auto const& out) {
                    return out ? *out : make_reply(to_problem(out.error()), r);
                }));
}

std::optional<reply> answer_of_before(app& a, request const& r, write_key const& key)
{
    auto const before = a.answers().find(key.kept, cargo_system::system_time());
    if (!before) return refusal(r, key, before.error());
    if (!*before) return std::nullopt;
    return same_answer(a, r, key, **before);
}

reply keep_answer(app& a, request const& r, write_key const& key, reply out)
{
    auto const before = a.answers().once(key.kept, cargo_system::system_time(),
                                         [&] { return std::optional(as_kept(a, key, out)); });
    if (!before) return refusal(r, key, before.error());
    if (*before) return same_answer(a, r, key, **before);
    return out;
}

reply still_under_way(request const& r)
{
    return make_reply({.status = 409,
                       .code = "in_progress",
                       .detail = "a request with the same Idempotency-Key is being done; send it "
                                 "again in a moment",
                       .retry_after_s = 1},
                      r);
}

bool refuse_write_key(exchange& x)
{
    if (!x.in().header("Idempotency-Key")) return false;
    field_errors errors;
    errors.add("Idempotency-Key",
               "is not taken here: tokens are given anew each time, and kept nowhere");
    refuse(x, to_problem(errors));
    return true;
}

}  // namespace aircargo::server
