#pragma once

#include <aircargo/async/funnel.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/service/tracking_service.hpp>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace aircargo {

/// The counter where single requests are handed in from any thread: each kind has a funnel that
/// gathers them into batches for the services. Use `submit` with a callback, `call` to wait, or
/// `async_submit` (completion.hpp) with an Asio completion token on any of the funnels. The
/// services must outlive the desk.
class booking_desk {
public:
    struct options {
        funnel_options writes{};
        funnel_options reads{.when_thrown = errc::internal_error};
    };

    booking_desk(booking_service& bookings, tracking_service& tracking)
        : booking_desk(bookings, tracking, options())
    {}
    booking_desk(booking_service& bookings, tracking_service& tracking, options const& o)
        : writes([&bookings](auto batch) { return bookings.run(batch); }, booking_of, o.writes),
          finds([&tracking](auto batch) { return tracking.find(batch); }, o.reads),
          histories([&tracking](auto batch) { return tracking.history(batch); }, o.reads),
          lists([&tracking](auto batch) { return list_each(tracking, batch); }, one_by_one(o.reads))
    {}

    funnel<booking_request, booking, booking_ref> writes;
    funnel<booking_ref, booking> finds;
    funnel<booking_ref, std::vector<event>> histories;
    funnel<booking_query, booking_page> lists;

private:
    /// Two changes of one booking must not meet in a batch; a new booking meets nobody.
    [[nodiscard]] static std::optional<booking_ref> booking_of(booking_request const& request)
    {
        auto const* const act = std::get_if<act_request>(&request);
        return act ? std::optional(act->ref) : std::nullopt;
    }

    /// A list is a statement of its own, so gathering lists would only make the first wait for the
    /// last.
    [[nodiscard]] static funnel_options one_by_one(funnel_options o)
    {
        o.max_batch = 1;
        return o;
    }

    [[nodiscard]] static std::vector<result<booking_page>> list_each(
        tracking_service& tracking, std::span<booking_query const> queries)
    {
        std::vector<result<booking_page>> pages;
        pages.reserve(queries.size());
        for (auto const& query : queries) pages.push_back(tracking.list(query));
        return pages;
    }
};

}  // namespace aircargo
