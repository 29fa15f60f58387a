#include "postgres/booking_lists.hpp"
#include "postgres/booking_rows.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::detail {
namespace {

/// A list's statement, put together from its conditions: what an index finds, in the order of the
/// list, and what each booking that it finds is looked at for. Each combination is a statement of
/// its own, so that each has the plan that is best for it; the text holds no value.
class list_statement {
public:
    explicit list_statement(std::string name) : name_(std::move(name)) {}

    /// Adds a condition with a `$` for each value; `letter` names it among the statements.
    template <class... Values>
    void seek(char letter, std::string_view condition, Values const&... values)
    {
        add(sought_, letter, condition, values...);
    }
    template <class... Values>
    void look_for(char letter, std::string_view condition, Values const&... values)
    {
        if (looked_for_.empty()) name_ += '_';
        add(looked_for_, letter, condition, values...);
    }
    /// Adds a parameter. \return its name
    [[nodiscard]] std::string value(std::uint64_t number)
    {
        parameters_.value(static_cast<std::int64_t>(number));
        return '$' + std::to_string(parameters_.size());
    }
    void finish(std::string sql) { sql_ = std::move(sql); }

    [[nodiscard]] std::string const& sought() const noexcept { return sought_; }
    [[nodiscard]] std::string const& looked_for() const noexcept { return looked_for_; }
    /// Valid as long as this.
    [[nodiscard]] pg_call call() const { return {{name_, sql_}, parameters_}; }

private:
    template <class... Values>
    void add(std::string& to, char letter, std::string_view condition, Values const&... values)
    {
        to += to.empty() ? " WHERE " : " AND ";
        name_ += letter;
        (parameters_.value(values), ...);
        auto next = parameters_.size() - sizeof...(values);
        for (char c : condition) to += c == '$' ? '$' + std::to_string(++next) : std::string(1, c);
    }

    std::string name_;
    std::string sought_;
    std::string looked_for_;
    std::string sql_;
    pg_parameters parameters_;
};

constexpr std::string_view has_status = "status = $ COLLATE \"C\"";
constexpr std::string_view has_origin = "origin = $ COLLATE \"C\"";
constexpr std::string_view has_destination = "destination = $ COLLATE \"C\"";

/// The indexes have a status, an airport or both airports, followed by the creation. Where status
/// and airports are asked for, those are sought: they are many, and bookings in one of the states
/// that they pass through are found near the top.
void add_conditions_by_creation(list_statement& s, booking_query const& query,
                                list_stretch const& stretch)
{
    bool const newest_first = query.order == list_order::newest_first;
    if (query.origin) s.seek('o', has_origin, query.origin->str());
    if (query.destination) s.seek('d', has_destination, query.destination->str());
    bool const airports = query.origin || query.destination;
    if (query.status && !airports) s.seek('s', has_status, name_of(*query.status));
    if (stretch.until)
        s.seek('u', newest_first ? "created_at >= $" : "created_at < $", *stretch.until);
    if (stretch.after != top_of_lists && stretch.after != bottom_of_lists) {
        s.seek('a', newest_first ? "(created_at, id) < ($, $)" : "(created_at, id) > ($, $)",
               stretch.after.created_at, stretch.after.number);
    }
    if (query.status && airports) s.look_for('s', has_status, name_of(*query.status));
}

void add_conditions_by_reference(list_statement& s, booking_query const& query,
                                 list_stretch const& stretch)
{
    s.seek('r', "ref_id >= $ COLLATE \"C\" AND ref_id < $ COLLATE \"C\"", stretch.from,
           stretch.before);
    if (query.status) s.look_for('s', has_status, name_of(*query.status));
    if (query.origin) s.look_for('o', has_origin, query.origin->str());
    if (query.destination) s.look_for('d', has_destination, query.destination->str());
    if (query.created_from) s.look_for('f', "created_at >= $", *query.created_from);
    if (query.created_to) s.look_for('t', "created_at < $", *query.created_to);
}

[[nodiscard]] list_statement conditions_of(std::string_view kind, booking_query const& query,
                                           list_stretch const& stretch)
{
    constexpr std::string_view letters = "nor";
    list_statement s(std::string(kind) + letters[static_cast<std::size_t>(query.order)] + '_');
    if (query.order == list_order::by_reference) {
        add_conditions_by_reference(s, query, stretch);
    } else {
        add_conditions_by_creation(s, query, stretch);
    }
    return s;
}

[[nodiscard]] std::string by(list_order order, std::string const& table)
{
    auto const column = [&](char const* name) { return table + name; };
    switch (order) {
        case list_order::newest_first:
            return " ORDER BY " + column("created_at DESC, ") + column("id DESC");
        case list_order::oldest_first: return " ORDER BY " + column("created_at, ") + column("id");
        case list_order::by_reference: break;
    }
    return " ORDER BY " + column("ref_id");
}

/// What the index finds, as far as it may be looked at; one more shows that there is more.
[[nodiscard]] std::string bookings_to_look_at(list_statement& s, booking_query const& query)
{
    return "(SELECT * FROM bookings" + s.sought() + by(query.order, "") + " LIMIT " +
           s.value(as_limit(query.look_up_to)) + ") AS looked_at";
}

[[nodiscard]] list_statement rows_statement(booking_query const& query, list_stretch const& stretch)
{
    auto s = conditions_of("list_", query, stretch);
    auto const from = s.looked_for().empty() ? "bookings" + s.sought()
                                             : bookings_to_look_at(s, query) + s.looked_for();
    // One row more than asked for tells whether there is a next page.
    auto const limit = s.value(query.page_size + 1);
    auto const offset = s.value(skipped_by(query));
    s.finish(std::string("SELECT ") + booking_columns + " FROM (SELECT * FROM " + from +
             by(query.order, "") + " LIMIT " + limit + " OFFSET " + offset + ") AS b" + with_legs +
             by(query.order, "b.") + ", l.leg_no");
    return s;
}

/// Counts in the order of the list, so that the same index serves both. Answers how many match, and
/// how many were looked at.
[[nodiscard]] list_statement count_statement(booking_query const& query)
{
    auto s = conditions_of("count_", query, stretch_of(query));
    if (s.looked_for().empty()) {
        s.finish("SELECT count(*), 0::bigint FROM (SELECT FROM bookings" + s.sought() +
                 by(query.order, "") + " LIMIT " + s.value(matches_to_read(query)) +
                 ") AS counted");
        return s;
    }
    auto const looked_at = bookings_to_look_at(s, query);
    s.finish("SELECT count(*) FILTER (" + s.looked_for() + "), count(*) FROM " + looked_at);
    return s;
}

/// The last booking that may be looked at; no row when there are not so many.
[[nodiscard]] std::optional<list_statement> last_looked_at(booking_query const& query,
                                                           list_stretch const& stretch)
{
    if (conditions_of("", query, stretch).looked_for().empty()) return std::nullopt;
    // Only what is sought: the values of the other conditions have no place in this statement.
    booking_query sought = query;
    if (query.order == list_order::by_reference) {
        sought = {.prefix = query.prefix, .order = query.order};
    } else {
        sought.status.reset();
    }
    auto s = conditions_of("last_", sought, stretch);
    s.finish("SELECT created_at, id, ref_id FROM bookings" + s.sought() + by(query.order, "") +
             " LIMIT 1 OFFSET " + s.value(as_limit(query.look_up_to) - 1));
    return s;
}

[[nodiscard]] result<booking_page> read_page(pg_rows const& rows, booking_query const& query)
{
    booking_page page;
    std::int64_t last = 0;
    for (int row = 0; row < rows.size();) {
        auto b = read_booking(rows, row);
        if (b.has_error()) return b.error();
        if (page.items.size() == query.page_size) {
            auto const& shown = page.items.back();
            page.next_cursor =
                cursor_behind(query.order, {shown.created_at, last}, shown.terms.ref);
            break;
        }
        last = b->id;
        page.items.push_back(std::move(b->now));
    }
    return page;
}

/// Where a page leads that nothing follows in what was looked at.
[[nodiscard]] result<std::string> cursor_behind_looking(postgres_database::state& db,
                                                        booking_query const& query,
                                                        list_stretch const& stretch)
{
    auto const last = last_looked_at(query, stretch);
    if (!last) return std::string();
    std::vector const calls{last->call()};
    auto const answers = db.read_list(calls);
    if (answers.has_error()) return answers.error();
    auto const& rows = answers->front();
    if (rows.size() == 0) return std::string();
    pg_row_reader r(rows, 0);
    list_place const place{r.time(), r.integer()};
    auto const ref = r.parsed<booking_ref>();
    if (!r.ok()) return damaged("bookings");
    return cursor_behind(query.order, place, *ref);
}

}  // namespace

result<booking_page> list_bookings(postgres_database::state& db, booking_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const stretch = stretch_behind_cursor(query);
    if (stretch.has_error()) return stretch.error();

    auto const rows = rows_statement(query, *stretch);
    auto const count = count_statement(query);
    std::vector<pg_call> calls{rows.call()};
    if (query.count_up_to > 0) calls.push_back(count.call());
    auto const answers = db.read_list(calls);
    if (answers.has_error()) return answers.error();
    auto page = read_page(answers->front(), query);
    if (page.has_error()) return page;
    if (query.count_up_to > 0) {
        auto const number = [&](int column) {
            return static_cast<std::uint64_t>(answers->back().integer(0, column));
        };
        tell_total(*page, query, number(0), number(1) < as_limit(query.look_up_to));
    }
    if (page->next_cursor.empty()) {
        auto cursor = cursor_behind_looking(db, query, *stretch);
        if (cursor.has_error()) return cursor.error();
        page->next_cursor = *std::move(cursor);
    }
    return page;
}

}  // namespace aircargo::detail
