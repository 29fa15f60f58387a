#pragma once

#include "auth/caller.hpp"
#include "http/trace_context.hpp"
#include "log.hpp"
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {

struct header_field {
    std::string_view name;
    std::string_view value;
};

struct query_parameter {
    std::string name;
    std::string value;
};

/// One request as it came, and what the gate made of it. Kept and filled anew for each request of a
/// connection; the views point into `head`.
struct request {
    std::string head;  ///< request line and header fields
    std::string_view method;
    std::string_view target;
    int version = 0;  ///< 10 or 11
    std::vector<header_field> fields;
    std::string body;

    std::string path;                    ///< decoded, without the query
    std::vector<query_parameter> query;  ///< decoded, in order
    std::string id;                      ///< X-Request-ID, the client's or ours
    trace_context trace;                 ///< its place in a trace over several services
    std::string peer;                    ///< the other end's address
    std::string_view route;        ///< template of the route that took it; empty when none did
    std::size_t route_number = 0;  ///< of that route, from 1; 0 when none did

    std::string client;         ///< the address that it came from, through proxies
    std::optional<caller> who;  ///< nothing: nobody has logged in
    std::string answer_fields;  ///< header lines for the answer, whatever it is

    /// The value of the first field with this name; names are compared without case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    [[nodiscard]] std::size_t header_count(std::string_view name) const;
    void clear();
};

struct reply {
    unsigned status = 200;
    std::string body{};
    std::string_view content_type = "application/json";
    std::string fields{};  ///< further header lines, each with its line end
    bool close = false;    ///< end the connection after this answer
    /// What a browser that shows the answer may load for it.
    std::string_view content_policy = "default-src 'none'; frame-ancestors 'none'";
    std::string_view cache_control = "private, no-cache";
    std::string_view code{};  ///< what a refusal says is wrong, to count by; a literal

    /// Adds a header line. Both must be ours: nothing is escaped.
    reply& with(std::string_view name, std::string_view value);
};

/// The rest of an answer whose body is sent piece by piece. Ends the answer when it goes.
/// Thread-safe.
class answer_stream {
public:
    virtual ~answer_stream() = default;

    /// Sends more of the body. Does nothing once the client is gone.
    virtual void send(std::string piece) = 0;
    /// Bytes that were sent and that the system has not taken yet: the client reads too slowly.
    [[nodiscard]] virtual std::size_t waiting() const noexcept = 0;
};

/// A request on its way through the handlers, and the way back. Lives as long as somebody holds it;
/// `in()` stays as it is until `answer` was called, which must happen exactly once.
class exchange {
public:
    virtual ~exchange() = default;

    [[nodiscard]] virtual request const& in() const noexcept = 0;
    /// Sends the answer. Only on the connection's thread: where the handler was called, or in
    /// `post`.
    virtual void answer(reply r) = 0;
    /// Sends `head` and the body that it has, and leaves the rest to the stream. Instead of
    /// `answer`, and where that may be called. `gone` is called once, on the connection's thread,
    /// when the connection ends: the client went, reads too slowly, or the server stops.
    [[nodiscard]] virtual std::unique_ptr<answer_stream> stream(reply head,
                                                                std::function<void()> gone) = 0;
    /// Runs `task` on the connection's thread. From any thread.
    virtual void post(std::function<void()> task) = 0;
};
using exchange_ptr = std::shared_ptr<exchange>;

/// What a funnel calls with its answer: goes back to the connection's thread, and there sends what
/// `make_reply(request, result)` makes of it.
template <class MakeReply>
[[nodiscard]] auto reply_with(exchange_ptr x, MakeReply make_reply)
{
    return [x = std::move(x), make_reply = std::move(make_reply)](auto result) {
        x->post([x, make_reply, result = std::move(result)] {
            x->answer(make_reply(x->in(), result));
        });
    };
}

/// What lines of the log about a request begin with.
[[nodiscard]] inline request_names names_of(request const& r) { return {r.id, r.trace.trace_id()}; }

/// Answers a request, now or later; see `exchange`.
using request_handler = std::function<void(request&, exchange_ptr)>;

[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b) noexcept;

}  // namespace aircargo::server
