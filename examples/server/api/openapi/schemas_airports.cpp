#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {
namespace {

[[nodiscard]] schema degrees(int most, std::string_view says)
{
    return described({{"type", "number"}, {"minimum", -most}, {"maximum", most}}, says);
}

[[nodiscard]] schema make_airport()
{
    return answer_object({
        {"code", refer(schemas::airport_code)},
        {"city", described(text(), "Empty for some small places.")},
        {"name", text()},
        {"country", described(pattern("^[A-Z]{2}$"), "ISO 3166-1, two letters.")},
        {"latitude", degrees(90, "North is positive.")},
        {"longitude", degrees(180, "East is positive.")},
        {"time_zone", described(text(), "IANA time zone, such as Asia/Kolkata.")},
    });
}

[[nodiscard]] schema make_airports()
{
    return answer_object({{"items", list(refer(schemas::airport), limits::airports_limit.max)}});
}

}  // namespace

namespace schemas {

named_schema const airport{"Airport", make_airport};
named_schema const airports{"Airports", make_airports};

}  // namespace schemas
}  // namespace aircargo::server::docs
