#include "api/change_log.hpp"
#include "log.hpp"

namespace aircargo::server {

void log_change(std::string_view what, request const& r, booking const& now)
{
    log_info(names_of(r), what, {{"ref_id", now.terms.ref.str()}, {"status", name_of(now.status)}});
}

}  // namespace aircargo::server
