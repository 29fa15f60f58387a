#include "backends/stores.hpp"

namespace aircargo::server {
namespace {

[[nodiscard]] error no_postgres()
{
    return refuse(errc::invalid_request,
                  "this program was built without PostgreSQL (AIRCARGO_WITH_POSTGRES=OFF)");
}

}  // namespace

result<stores> open_postgres_stores(config const&, old_schema) { return no_postgres(); }
result<void> check_store_url(std::string const&) { return no_postgres(); }

}  // namespace aircargo::server
