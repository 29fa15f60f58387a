#include "api/openapi/schemas.hpp"
#include "api/problem.hpp"
#include "config/config.hpp"
#include <aircargo/core/error.hpp>

namespace aircargo::server::docs {
namespace {

using enum member::presence;

[[nodiscard]] schema condition()
{
    return described(one_of({"healthy", "degraded", "unhealthy"}),
                     "Degraded: it does all it must, but more slowly.");
}

[[nodiscard]] schema make_health()
{
    return answer_object({{"status", one_of({"healthy", "unhealthy"})}});
}

[[nodiscard]] schema make_liveness() { return answer_object({{"status", one_of({"alive"})}}); }

[[nodiscard]] schema make_readiness()
{
    return answer_object({{"status", one_of({"ready", "degraded", "unready", "stopping"})}});
}

[[nodiscard]] schema kinds(std::vector<std::string_view> const& names)
{
    return described(one_of(names), "What the settings named.");
}

[[nodiscard]] schema funnel()
{
    return answer_object({
        {"requests", count()},
        {"batches", count()},
        {"mean_batch", amount()},
        {"refused", described(count(), "Because too many waited.")},
        {"retries", count()},
    });
}

[[nodiscard]] schema redis_node()
{
    return answer_object({
        {"node", described(text(), "Its URL, without user and password.")},
        {"status", one_of({"up", "down"})},
        {"cache", truth()},
        {"lock", truth()},
        {"limiter", truth()},
        {"failures", count()},
        {"connects", count()},
        {"degraded_s", described(amount(), "Seconds that it was down, in all.")},
        {"warnings", list(text())},
    });
}

[[nodiscard]] schema make_health_detailed()
{
    return answer_object({
        {"status", condition()},
        {"version", text()},
        {"uptime_s", count()},
        {"store", answer_object({{"kind", kinds(names_of(store_kind::memory, "unknown"))},
                                 {"status", condition()}})},
        {"cache", answer_object({{"kind", kinds(names_of(cache_kind::off, "unknown"))},
                                 {"status", condition()},
                                 {"detail", text(), optional},
                                 {"hits", count()},
                                 {"misses", count()},
                                 {"hit_ratio", amount()}})},
        {"lock", answer_object({{"kind", kinds(names_of(lock_kind::off, "unknown"))},
                                {"status", condition()},
                                {"on_unavailable", one_of({"reject", "proceed"})},
                                {"ttl_ms", count()},
                                {"contended", count()},
                                {"gave_up", count()},
                                {"wait_s", amount()}})},
        {"limiter", answer_object({{"kind", one_of({"local", "redis"})}, {"status", condition()}})},
        {"redis", list(redis_node())},
        {"schedule", answer_object({{"flights", count()},
                                    {"set_aside", count()},
                                    {"version", count(), optional},
                                    {"first_departure", refer(schemas::instant), optional},
                                    {"last_departure", refer(schemas::instant), optional}})},
        {"funnels", answer_object({{"writes", funnel()},
                                   {"finds", funnel()},
                                   {"histories", funnel()},
                                   {"lists", funnel()}})},
    });
}

[[nodiscard]] schema codes()
{
    auto all = names_of(errc::invalid_airport_code, "unknown");
    all.insert(all.end(), server_codes.begin(), server_codes.end());
    return described(one_of(all), "For programs; stable.");
}

[[nodiscard]] schema make_problem()
{
    return described(
        answer_object({
            {"type", described(text(), "`about:blank`: `code` tells what it is.")},
            {"title", described(text(), "The status in words.")},
            {"status", integer({400, 599})},
            {"detail", described(text(), "What is wrong, in a sentence for people.")},
            {"code", codes()},
            {"request_id", described(text(), "As in X-Request-ID and the log.")},
            {"errors",
             described(list(refer(schemas::field_error)), "What is wrong with the fields."),
             optional},
        }),
        "What went wrong (RFC 9457).");
}

[[nodiscard]] schema make_field_error()
{
    return answer_object({
        {"field", described(text(), "Name of the member, parameter or header field.")},
        {"code", codes()},
        {"detail", text()},
    });
}

}  // namespace

namespace schemas {

named_schema const health{"Health", make_health};
named_schema const liveness{"Liveness", make_liveness};
named_schema const readiness{"Readiness", make_readiness};
named_schema const health_detailed{"HealthDetailed", make_health_detailed};
named_schema const problem{"Problem", make_problem};
named_schema const field_error{"FieldError", make_field_error};

}  // namespace schemas

std::span<named_schema const* const> all_schemas() noexcept
{
    static constexpr std::array all{
        &schemas::booking,
        &schemas::new_booking,
        &schemas::movement,
        &schemas::delivery,
        &schemas::cancellation,
        &schemas::booking_page,
        &schemas::leg,
        &schemas::next_activity,
        &schemas::history,
        &schemas::event,
        &schemas::logged_event,
        &schemas::new_bookings,
        &schemas::booking_change,
        &schemas::booking_changes,
        &schemas::batch_results,
        &schemas::route_search,
        &schemas::route_page,
        &schemas::itinerary,
        &schemas::flight,
        &schemas::airport,
        &schemas::airports,
        &schemas::flight_page,
        &schemas::import_report,
        &schemas::analytics,
        &schemas::new_account,
        &schemas::login,
        &schemas::token_grant,
        &schemas::session_token,
        &schemas::new_password,
        &schemas::changed_password,
        &schemas::me,
        &schemas::page_session,
        &schemas::account,
        &schemas::account_page,
        &schemas::account_change,
        &schemas::account_role,
        &schemas::account_name_in,
        &schemas::new_api_key,
        &schemas::shown_api_key,
        &schemas::api_key,
        &schemas::api_keys,
        &schemas::new_webhook,
        &schemas::webhook_change,
        &schemas::webhook,
        &schemas::shown_webhook,
        &schemas::webhooks,
        &schemas::webhook_message,
        &schemas::webhook_test,
        &schemas::delivery_state,
        &schemas::delivery_cursor,
        &schemas::webhook_delivery,
        &schemas::delivery_page,
        &schemas::redelivery,
        &schemas::redelivered,
        &schemas::health,
        &schemas::health_detailed,
        &schemas::liveness,
        &schemas::readiness,
        &schemas::problem,
        &schemas::field_error,
        &schemas::airport_code,
        &schemas::airport_code_in,
        &schemas::airline_designator,
        &schemas::flight_number,
        &schemas::flight_number_in,
        &schemas::flight_id,
        &schemas::booking_ref,
        &schemas::ref_prefix,
        &schemas::booking_status,
        &schemas::instant,
        &schemas::instant_in,
        &schemas::day,
        &schemas::notes,
    };
    return all;
}

}  // namespace aircargo::server::docs
