#include "api/cross_site.hpp"
#include "api/same_origin.hpp"

namespace aircargo::server {

/// Origins that CORS lets call us are others too: they are let do so with a token.
bool is_of_own_page(request const& r)
{
    constexpr std::string_view mark = "X-Aircargo-Page";
    auto const sent_by = page_that_sent(r, {});
    return r.header_count(mark) == 1 && r.header(mark) == "1" &&
           (sent_by == sending_page::own || sent_by == sending_page::none);
}

problem cross_site()
{
    return {.status = 403,
            .code = "cross_site",
            .detail =
                "with a cookie, changes are taken from this server's own page alone, which "
                "sends X-Aircargo-Page: 1"};
}

}  // namespace aircargo::server
