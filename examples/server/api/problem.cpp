#include "api/problem.hpp"
#include "api/json_writer.hpp"
#include "log.hpp"
#include "observe/line_limit.hpp"
#include "text.hpp"
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] unsigned status_of(errc code) noexcept
{
    if (code == errc::internal_error) return 500;
    switch (group_of(code)) {
        case errc_group::invalid: return 400;
        case errc_group::unprocessable: return 422;
        case errc_group::not_found: return 404;
        case errc_group::conflict: return 409;
        case errc_group::precondition: return 412;
        case errc_group::unavailable: return 503;
    }
    return 500;
}

/// What a client may read: a driver's words stay in the log.
[[nodiscard]] std::string public_detail(error const& e)
{
    switch (e.code) {
        case errc::backend_down: return "the store can not be reached; try again in a moment";
        case errc::timed_out: return "the store took too long to answer; try again in a moment";
        case errc::commit_unknown:
            return "it is not known whether the change was made; read it again, or send it again "
                   "with the "
                   "same Idempotency-Key";
        case errc::internal_error: return "something went wrong in the server";
        case errc::invalid_airport_code:
        case errc::invalid_flight_number:
        case errc::invalid_booking_ref:
        case errc::invalid_weight:
        case errc::invalid_time:
        case errc::invalid_request:
        case errc::idempotency_mismatch:
        case errc::not_found:
        case errc::illegal_transition:
        case errc::off_plan:
        case errc::stale_revision:
        case errc::already_exists:
        case errc::lock_busy:
        case errc::lock_unavailable:
        case errc::precondition_failed:
        case errc::overloaded: break;
    }
    return e.detail;  // ours
}

/// While a store is away, tens of thousands of requests a second are refused for one reason: it is
/// told once a second for each code, with how many were refused since. So is a mistake of ours.
void log_unavailable(error const& e)
{
    static std::mutex mutex;
    static std::map<errc, line_limit> lines;

    std::unique_lock lock(mutex);
    auto const untold = lines[e.code].pass();
    lock.unlock();
    if (!untold) return;
    auto const before = std::to_string(*untold);
    if (e.code == errc::internal_error)
        return log_error(name_of(e.code), {{"detail", e.detail}, {"untold_before", before}});
    log_warning("unavailable",
                {{"code", name_of(e.code)}, {"detail", e.detail}, {"untold_before", before}});
}

void write_errors(json_writer& out, std::vector<field_error> const& errors)
{
    out.key("errors").begin_array();
    for (auto const& e : errors) {
        out.begin_object()
            .member("field", e.field)
            .member("code", name_of(e.why.code))
            .member("detail", e.why.detail)
            .end_object();
    }
    out.end_array();
}

}  // namespace

problem to_problem(error const& e)
{
    bool const unavailable = group_of(e.code) == errc_group::unavailable;
    if (unavailable) log_unavailable(e);
    bool const comes_back = unavailable && e.code != errc::internal_error;
    return {.status = status_of(e.code),
            .code = name_of(e.code),
            .detail = public_detail(e),
            .retry_after_s = comes_back ? 1U : 0U};
}

problem to_problem(field_errors const& errors)
{
    auto const& all = errors.all();
    if (all.size() == 1) {
        auto const& only = all.front();
        return {.status = 400,
                .code = name_of(only.why.code),
                .detail = only.field + ": " + only.why.detail,
                .errors = all};
    }
    std::string fields;
    for (auto const& e : all) fields += (fields.empty() ? "" : ", ") + e.field;
    return {.status = 400,
            .code = name_of(errc::invalid_request),
            .detail = std::to_string(all.size()) + " fields are wrong: " + fields,
            .errors = all};
}

void write_problem(json_writer& out, problem const& p, request const& r)
{
    out.begin_object()
        .member("type", "about:blank")
        .member("title", reason_phrase(p.status))
        .member("status", p.status)
        .member("detail", p.detail)
        .member("code", p.code)
        .member("request_id", r.id);
    if (!p.errors.empty()) write_errors(out, p.errors);
    out.end_object();
}

reply make_reply(problem const& p, request const& r)
{
    reply out;
    out.status = p.status;
    out.content_type = "application/problem+json";
    out.close = p.close;
    out.code = p.code;
    if (p.status == 401) out.with("WWW-Authenticate", p.challenge);
    if (p.retry_after_s > 0) out.with("Retry-After", std::to_string(p.retry_after_s));

    json_writer json(out.body);
    write_problem(json, p, r);
    return out;
}

std::string_view reason_phrase(unsigned status) noexcept
{
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 207: return "Multi-Status";
        case 308: return "Permanent Redirect";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Unknown";
    }
}

}  // namespace aircargo::server
