#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/ref_prefix.hpp>
#include <aircargo/core/result.hpp>
#include <algorithm>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a list of bookings is: the question, the orders, the cursors. Stores agree on it here, and
/// differ only in the indexes that they go by.
namespace aircargo {

/// Each is total, and no booking ever changes its place in one.
enum class list_order : std::uint8_t {
    newest_first,  ///< by creation, within a second by the order of coming in; both descending
    oldest_first,  ///< the same, both ascending
    by_reference,  ///< by the reference's text, so that those of one beginning stand together
};

/// What a list asks for; every filter left out lets everything through.
struct booking_query {
    static constexpr std::size_t max_page_size = 1000;
    /// Before a page by number; all of them are read. A cursor leads on from any place for nothing.
    static constexpr std::size_t max_skipped = 100'000;

    std::optional<booking_status> status{};
    std::optional<airport_code> origin{};
    std::optional<airport_code> destination{};
    std::optional<utc_time> created_from{};  ///< this instant or later
    std::optional<utc_time> created_to{};    ///< before this instant
    std::optional<ref_prefix> prefix{};      ///< of the reference; only in the order of references
    list_order order = list_order::newest_first;
    std::size_t page_size = 50;  ///< 1 to `max_page_size`
    std::size_t page =
        1;  ///< counts from 1; used when `cursor` is empty, for what lies near the top
    std::string cursor{};  ///< `next_cursor` of the page before: stable while bookings are added
    std::size_t count_up_to = 10'000;  ///< counting reads so many matches; 0 where nobody looks
    /// An index finds what one filter lets through, and each booking that it finds has to be looked
    /// at for the others: so many at most, for a page and for a count.
    std::size_t look_up_to = 20'000;
};

/// How many matches stand before the page, when it is asked for by number.
[[nodiscard]] inline std::uint64_t skipped_by(booking_query const& query)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();  // what SQL can skip
    if (!query.cursor.empty()) return 0;
    std::uint64_t const pages = query.page - 1;
    return pages > most / query.page_size ? most : pages * query.page_size;
}

/// What is said of a page that lies too deep.
[[nodiscard]] inline error page_too_deep()
{
    return refuse(errc::invalid_request,
                  "no more than " + std::to_string(booking_query::max_skipped) +
                      " bookings may lie before a page by number; go on by cursor");
}

/// Why a query can not be answered; nothing when it is sound.
[[nodiscard]] inline std::optional<error> invalid(booking_query const& query)
{
    if (query.page_size < 1 || query.page_size > booking_query::max_page_size) {
        return refuse(errc::invalid_request,
                      "page_size must be 1 to " + std::to_string(booking_query::max_page_size));
    }
    if (query.page < 1) return refuse(errc::invalid_request, "pages count from 1");
    if (skipped_by(query) > booking_query::max_skipped) return page_too_deep();
    if (query.look_up_to < 1) return refuse(errc::invalid_request, "a list must look at something");
    if (query.prefix && query.order != list_order::by_reference) {
        return refuse(errc::invalid_request, "a prefix needs the order of references");
    }
    return std::nullopt;
}

[[nodiscard]] inline bool matches(booking_query const& query, booking const& b)
{
    return (!query.status || b.status == *query.status) &&
           (!query.origin || b.terms.origin == *query.origin) &&
           (!query.destination || b.terms.destination == *query.destination) &&
           (!query.created_from || b.created_at >= *query.created_from) &&
           (!query.created_to || b.created_at < *query.created_to) &&
           (!query.prefix || query.prefix->begins(b.terms.ref));
}

/// A page is short, though others follow, where looking ended before it was full; its cursor leads
/// on from there.
struct booking_page {
    std::vector<booking> items;
    std::size_t total = 0;        ///< how many match the filters, as far as was counted
    bool total_is_exact = false;  ///< whether those are all; false when not counted
    std::string next_cursor;      ///< empty on the last page
};

/// The most that a query may ask to be read, as SQL can say it.
[[nodiscard]] inline std::uint64_t as_limit(std::size_t wanted)
{
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return std::min<std::uint64_t>(wanted, most - 1);
}

/// How many matches a count reads: one more than it may tell of shows that there are more.
[[nodiscard]] inline std::uint64_t matches_to_read(booking_query const& query)
{
    return as_limit(query.count_up_to) + 1;
}

/// Tells how many matches were read of those, and whether all bookings that might match were looked
/// at.
inline void tell_total(booking_page& page, booking_query const& query, std::uint64_t read,
                       bool looked_at_all = true)
{
    page.total_is_exact = looked_at_all && read < matches_to_read(query);
    page.total = static_cast<std::size_t>(std::min<std::uint64_t>(read, query.count_up_to));
}

// ---------------------------------------------------------------------------- places and cursors

/// Where a booking stands in lists by creation: within a second they go by the numbers that the
/// store gives in order of coming in, from 1. Neither ever changes.
struct list_place {
    utc_time created_at;
    std::int64_t number;

    friend auto operator<=>(list_place const&, list_place const&) = default;
};

/// Before the first of all, newest first and oldest first.
inline constexpr list_place top_of_lists{utc_time::max(), std::numeric_limits<std::int64_t>::max()};
inline constexpr list_place bottom_of_lists{utc_time::min(), 0};

/// What leads on from a place: `1764667200-4711`, seconds since 1970 and the number; with a dot
/// where the oldest come first. So a cursor names its order.
[[nodiscard]] inline std::string cursor_of(list_place const& place,
                                           list_order order = list_order::newest_first)
{
    char const mark = order == list_order::newest_first ? '-' : '.';
    return std::to_string(to_epoch(place.created_at)) + mark + std::to_string(place.number);
}

/// What leads on from a booking: its place, or its reference.
[[nodiscard]] inline std::string cursor_behind(list_order order, list_place const& place,
                                               booking_ref const& ref)
{
    return order == list_order::by_reference ? ref.str() : cursor_of(place, order);
}

/// What no list in the order of the query gave.
[[nodiscard]] inline error unreadable_cursor()
{
    return refuse(errc::invalid_request, "the cursor is not one that a list in this order gave");
}

/// The last booking that was shown; the page asked for holds those behind it. Without a cursor it
/// is the place before the first, and what no list gave is `invalid_request`. \pre the order is one
/// by creation
[[nodiscard]] inline result<list_place> list_position(booking_query const& query)
{
    bool const newest_first = query.order == list_order::newest_first;
    if (query.cursor.empty()) return newest_first ? top_of_lists : bottom_of_lists;
    auto const* const end = query.cursor.data() + query.cursor.size();
    std::int64_t seconds = 0;
    std::int64_t number = 0;
    auto const mark = std::from_chars(query.cursor.data(), end, seconds).ptr;
    if (mark != end) std::from_chars(mark + 1, end, number);
    list_place const place{from_epoch(seconds), number};
    // A place has one spelling, so whatever the reading above let pass differs from it.
    if (number < 1 || cursor_of(place, query.order) != query.cursor) return unreadable_cursor();
    return place;
}

/// The stretch of its order that a list is drawn from. Where it begins is one bound, of the filters
/// and the cursor together: given two, a database may seek one and wade through all up to the
/// other.
struct list_stretch {
    // By creation: behind this place, as far as the end of the range.
    list_place after = top_of_lists;
    std::optional<utc_time> until{};  ///< newest first: this instant or later; oldest first: before
    // By reference: texts from the first on that come before the second.
    std::string from{};
    std::string before{};

    [[nodiscard]] bool contains(list_order order, list_place const& place) const
    {
        if (order == list_order::newest_first)
            return place < after && (!until || place.created_at >= *until);
        return place > after && (!until || place.created_at < *until);
    }
};

/// All that a query asks for, whatever its cursor.
[[nodiscard]] inline list_stretch stretch_of(booking_query const& query)
{
    auto const place_before = [](std::optional<utc_time> instant, list_place none) {
        return instant ? list_place{*instant, 0} : none;
    };
    switch (query.order) {
        case list_order::newest_first:
            return {place_before(query.created_to, top_of_lists), query.created_from};
        case list_order::oldest_first:
            return {place_before(query.created_from, bottom_of_lists), query.created_to};
        case list_order::by_reference: break;
    }
    list_stretch all{.from = query.prefix ? query.prefix->str() : "ACB"};
    all.before = all.from;
    ++all.before.back();  // of a 9 too: the colon comes after all digits
    return all;
}

/// What is left of it behind the cursor. \return `invalid_request` for a cursor that no list gave
[[nodiscard]] inline result<list_stretch> stretch_behind_cursor(booking_query const& query)
{
    auto rest = stretch_of(query);
    if (query.order == list_order::by_reference) {
        if (query.cursor.empty()) return rest;
        auto const last = booking_ref::parse(query.cursor);
        if (!last || last->str() != query.cursor) return unreadable_cursor();
        // The next text of all: an exclamation mark comes before all digits.
        rest.from = std::max(rest.from, query.cursor + '!');
        return rest;
    }
    auto const position = list_position(query);
    if (position.has_error()) return position.error();
    rest.after = query.order == list_order::newest_first ? std::min(rest.after, *position)
                                                         : std::max(rest.after, *position);
    return rest;
}

}  // namespace aircargo
