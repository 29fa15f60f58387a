#include "api/handlers.hpp"
#include "api/json_output.hpp"
#include "api/limits.hpp"
#include "api/links.hpp"
#include "api/list_order.hpp"
#include "api/problem.hpp"
#include "api/query_input.hpp"
#include <optional>
#include <string>
#include <utility>

namespace aircargo::server {
namespace {

[[nodiscard]] result<std::string> parse_cursor(std::string_view text)
{
    if (!text.empty() && text.size() <= limits::list_cursor_bytes) return std::string(text);
    return refuse(errc::invalid_request, "is not a cursor that a list gave");
}

/// A minus turns an order round. Each of these has an index; any other would have to sort.
[[nodiscard]] result<list_order> parse_sort(std::string_view text)
{
    for (auto order : list_orders) {
        if (text == sort_name(order)) return order;
    }
    return refuse(errc::invalid_request, "must be -created_at, created_at or ref_id");
}

void read_order(booking_query& q, request const& r, field_errors& errors)
{
    q.prefix = parameter(r, "ref_prefix", errors, ref_prefix::parse);
    auto const sort = parameter(r, "sort", errors, parse_sort);
    q.order = sort.value_or(q.prefix ? list_order::by_reference : list_order::newest_first);
    if (q.prefix && q.order != list_order::by_reference)
        errors.add("sort", "must be ref_id where there is a ref_prefix");
}

[[nodiscard]] booking_query read_query(request const& r, field_errors& errors)
{
    booking_query q;
    q.status = parameter(r, "status", errors, parse_status);
    q.origin = parameter(r, "origin", errors, airport_code::parse);
    q.destination = parameter(r, "destination", errors, airport_code::parse);
    q.created_from = parameter(r, "created_from", errors, parse_utc_time);
    q.created_to = parameter(r, "created_to", errors, parse_utc_time);
    read_order(q, r, errors);
    auto const size = parameter(r, "page_size", errors, integer_within{limits::page_size});
    if (size) q.page_size = static_cast<std::size_t>(*size);
    auto const page = parameter(r, "page", errors, integer_within{limits::page});
    if (page) q.page = static_cast<std::size_t>(*page);
    q.cursor = parameter(r, "cursor", errors, parse_cursor).value_or("");
    if (page && !q.cursor.empty()) {
        errors.add("cursor", "excludes page");
    } else if (skipped_by(q) > booking_query::max_skipped) {
        errors.add("page", page_too_deep());
    } else if (auto const behind = stretch_behind_cursor(q); behind.has_error()) {
        errors.add("cursor", behind.error());
    }
    return q;
}

}  // namespace

void list_bookings(app& a, exchange_ptr x, path_arguments const&)
{
    field_errors errors;
    auto const query = read_query(x->in(), errors);
    if (!errors.empty()) return x->answer(make_reply(to_problem(errors), x->in()));
    auto const answer = [query](request const& r, result<booking_page> const& page) {
        if (!page) return make_reply(to_problem(page.error()), r);
        auto const number = query.cursor.empty() ? std::optional(query.page) : std::nullopt;
        reply out{.body = bookings_json(query, *page)};
        out.with("Link", page_links(r, page->next_cursor, number));
        return out;
    };
    a.desk().lists.submit(query, reply_with(std::move(x), answer));
}

}  // namespace aircargo::server
