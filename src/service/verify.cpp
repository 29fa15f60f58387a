#include <aircargo/booking/lifecycle.hpp>
#include <aircargo/service/verify.hpp>

namespace aircargo {
namespace {

/// What is wrong with a row and its events; empty when nothing is.
[[nodiscard]] std::string difference(booking const& row, result<std::vector<event>> const& history)
{
    if (history.has_error()) return "its history can not be read: " + history.error().detail;
    auto const replayed = fold(row.terms, *history);
    if (replayed.has_error()) return replayed.error().detail;
    if (*replayed == row) return {};
    return "the row says " + std::string(name_of(row.status)) + " at revision " +
           std::to_string(row.revision) + ", the replay " + std::string(name_of(replayed->status)) +
           " at revision " + std::to_string(replayed->revision);
}

/// Reads row and history again: a booking that was changed between the two first reads is no
/// difference.
[[nodiscard]] std::string settled_difference(any_booking_store& store, booking_ref const& ref)
{
    constexpr int attempts = 3;
    std::string found;
    for (int i = 0; i < attempts; ++i) {
        auto const row = store.find({&ref, 1});
        if (row[0].has_error()) return "its row can not be read: " + row[0].error().detail;
        found = difference(*row[0], store.history({&ref, 1})[0]);
        if (found.empty()) break;
    }
    return found;
}

}  // namespace

result<verify_report> verify(any_booking_store& store)
{
    verify_report report;
    booking_query query;
    query.page_size = booking_query::max_page_size;
    query.count_up_to = 0;
    do {
        auto const page = store.list(query);
        if (page.has_error()) return page.error();
        std::vector<booking_ref> refs;
        for (auto const& row : page->items) refs.push_back(row.terms.ref);
        auto const histories = store.history(refs);
        for (std::size_t i = 0; i < refs.size(); ++i) {
            ++report.bookings;
            if (histories[i].has_value()) report.events += histories[i]->size();
            if (difference(page->items[i], histories[i]).empty()) continue;
            auto what = settled_difference(store, refs[i]);
            if (!what.empty()) report.differences.push_back({refs[i], std::move(what)});
        }
        query.cursor = page->next_cursor;
    } while (!query.cursor.empty());
    return report;
}

}  // namespace aircargo
