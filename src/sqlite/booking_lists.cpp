#include "sqlite/booking_lists.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aircargo::detail {
namespace {

/// Conditions joined by AND, with the values to bind; the text holds no value.
struct conditions {
    std::string sql{};
    std::vector<std::variant<std::int64_t, std::string>> values{};

    template <class... Values>
    void add(std::string_view condition, Values&&... more)
    {
        if (!sql.empty()) sql += " AND ";
        sql += condition;
        (values.emplace_back(std::forward<Values>(more)), ...);
    }
    /// \return the number of the last parameter
    int bind(sqlite_statement& s, int index) const
    {
        for (auto const& value : values)
            std::visit([&](auto const& v) { s.bind_at(++index, v); }, value);
        return index;
    }
};

/// How a list is looked for.
struct list_plan {
    conditions sought{};     ///< what an index finds, in the order of the list
    conditions looked_at{};  ///< what each booking that it finds is looked at for
    std::string_view order{};
};

void add_filter(conditions& to, std::string_view condition, std::string_view value)
{
    to.add(condition, std::string(value));
}

/// The indexes have one filter each, followed by the creation.
void plan_by_creation(list_plan& plan, booking_query const& query, list_stretch const& stretch)
{
    bool const newest_first = query.order == list_order::newest_first;
    plan.order = newest_first ? "created_at DESC, id DESC" : "created_at, id";
    plan.sought.add(newest_first ? "(created_at, id) < (?, ?)" : "(created_at, id) > (?, ?)",
                    to_epoch(stretch.after.created_at), stretch.after.number);
    if (stretch.until)
        plan.sought.add(newest_first ? "created_at >= ?" : "created_at < ?",
                        to_epoch(*stretch.until));
    bool sought = false;
    auto const filter = [&](std::string_view condition, std::string_view value) {
        add_filter(std::exchange(sought, true) ? plan.looked_at : plan.sought, condition, value);
    };
    if (query.origin) filter("origin = ?", query.origin->str());
    if (query.destination) filter("destination = ?", query.destination->str());
    if (query.status) filter("status = ?", name_of(*query.status));
}

void plan_by_reference(list_plan& plan, booking_query const& query, list_stretch const& stretch)
{
    plan.order = "ref_id";
    plan.sought.add("ref_id >= ? AND ref_id < ?", stretch.from, stretch.before);
    auto& rest = plan.looked_at;
    if (query.origin) add_filter(rest, "origin = ?", query.origin->str());
    if (query.destination) add_filter(rest, "destination = ?", query.destination->str());
    if (query.status) add_filter(rest, "status = ?", name_of(*query.status));
    if (query.created_from) rest.add("created_at >= ?", to_epoch(*query.created_from));
    if (query.created_to) rest.add("created_at < ?", to_epoch(*query.created_to));
}

[[nodiscard]] list_plan plan_of(booking_query const& query, list_stretch const& stretch)
{
    list_plan plan;
    if (query.order == list_order::by_reference) {
        plan_by_reference(plan, query, stretch);
    } else {
        plan_by_creation(plan, query, stretch);
    }
    return plan;
}

class list_reader {
public:
    list_reader(sqlite_connection& connection, booking_rows& bookings, booking_query const& query)
        : connection_(connection), bookings_(bookings), query_(query)
    {}

    [[nodiscard]] result<booking_page> read(list_stretch const& behind_cursor)
    {
        if (query_.count_up_to > 0) {
            auto const plan = plan_of(query_, stretch_of(query_));
            auto const counted = plan.looked_at.sql.empty() ? count(plan) : count_looking(plan);
            if (counted.has_error()) return counted.error();
        }
        auto const plan = plan_of(query_, behind_cursor);
        auto const done = plan.looked_at.sql.empty() ? read_page(plan) : read_page_looking(plan);
        if (done.has_error()) return done.error();
        return std::move(page_);
    }

private:
    [[nodiscard]] static std::string found_by(list_plan const& plan)
    {
        return " FROM bookings WHERE " + plan.sought.sql + " ORDER BY " + std::string(plan.order);
    }

    [[nodiscard]] result<void> count(list_plan const& plan)
    {
        sqlite_statement counting(connection_,
                                  "SELECT count(*) FROM (SELECT 1" + found_by(plan) + " LIMIT ?)");
        counting.bind_at(plan.sought.bind(counting, 0) + 1, matches_to_read(query_));
        if (!counting.next()) return connection_.failure();
        tell_total(page_, query_, static_cast<std::uint64_t>(counting.integer(0)));
        counting.reset();
        return {};
    }

    [[nodiscard]] result<void> count_looking(list_plan const& plan)
    {
        auto const most = as_limit(query_.look_up_to);
        sqlite_statement counting(connection_, "SELECT count(*), sum(fits) FROM (SELECT " +
                                                   plan.looked_at.sql + " AS fits" +
                                                   found_by(plan) + " LIMIT ?)");
        counting.bind_at(plan.sought.bind(counting, plan.looked_at.bind(counting, 0)) + 1,
                         most + 1);
        if (!counting.next()) return connection_.failure();
        bool const all = static_cast<std::uint64_t>(counting.integer(0)) <= most;
        tell_total(page_, query_, static_cast<std::uint64_t>(counting.integer(1)), all);
        counting.reset();
        return {};
    }

    /// Whatever the index finds is shown, so SQLite can skip and stop by itself.
    [[nodiscard]] result<void> read_page(list_plan const& plan)
    {
        sqlite_statement rows(connection_, "SELECT " + std::string(booking_columns) +
                                               found_by(plan) + " LIMIT ? OFFSET ?");
        int const bound = plan.sought.bind(rows, 0);
        rows.bind_at(bound + 1, query_.page_size + 1);  // one more: is there a next page?
        rows.bind_at(bound + 2, skipped_by(query_));
        std::string behind_last;
        while (rows.next()) {
            if (is_full()) return end_at(rows, std::move(behind_last));
            if (auto const shown = show(rows, behind_last); shown.has_error()) return shown.error();
        }
        return ended(rows);
    }

    [[nodiscard]] result<void> read_page_looking(list_plan const& plan)
    {
        constexpr int fits = booking_column_count;
        sqlite_statement rows(connection_, "SELECT " + std::string(booking_columns) + ", " +
                                               plan.looked_at.sql + found_by(plan) + " LIMIT ?");
        auto const most = as_limit(query_.look_up_to);
        rows.bind_at(plan.sought.bind(rows, plan.looked_at.bind(rows, 0)) + 1, most + 1);
        auto to_skip = skipped_by(query_);
        std::string behind_last;  // what is shown, or looked at while there was still room
        for (std::uint64_t looked_at = 0; rows.next(); ++looked_at) {
            bool const is_match = rows.integer(fits) != 0;
            if (looked_at == most || (is_match && is_full()))
                return end_at(rows, std::move(behind_last));
            if (is_match && to_skip == 0) {
                if (auto const shown = show(rows, behind_last); shown.has_error())
                    return shown.error();
                continue;
            }
            if (is_match) --to_skip;
            if (!is_full()) note_place(rows, behind_last);
        }
        return ended(rows);
    }

    [[nodiscard]] bool is_full() const { return page_.items.size() == query_.page_size; }

    [[nodiscard]] result<void> show(sqlite_statement& rows, std::string& behind_last)
    {
        auto r = bookings_.read_booking(rows);
        if (r.has_error()) return r.error();
        behind_last = cursor_behind(query_.order, {r->now.created_at, r->id}, r->now.terms.ref);
        page_.items.push_back(std::move(r->now));
        return {};
    }

    /// As `show` does, of a row that is not shown: here looking may have to end.
    void note_place(sqlite_statement const& rows, std::string& behind_last) const
    {
        constexpr int id = 0;
        constexpr int ref_id = 1;
        constexpr int created_at = 11;
        if (query_.order == list_order::by_reference) {
            behind_last = rows.text(ref_id);
        } else {
            behind_last =
                cursor_of({from_epoch(rows.integer(created_at)), rows.integer(id)}, query_.order);
        }
    }

    [[nodiscard]] result<void> end_at(sqlite_statement& rows, std::string cursor)
    {
        page_.next_cursor = std::move(cursor);
        rows.reset();
        return {};
    }

    [[nodiscard]] result<void> ended(sqlite_statement const& rows) const
    {
        if (!rows.ok()) return connection_.failure();
        return {};
    }

    sqlite_connection& connection_;
    booking_rows& bookings_;
    booking_query const& query_;
    booking_page page_{};
};

}  // namespace

result<booking_page> list_bookings(sqlite_connection& connection, booking_rows& bookings,
                                   booking_query const& query)
{
    if (auto refused = invalid(query)) return *std::move(refused);
    auto const stretch = stretch_behind_cursor(query);
    if (stretch.has_error()) return stretch.error();
    return list_reader(connection, bookings, query).read(*stretch);
}

}  // namespace aircargo::detail
