#include "backends/stores.hpp"

namespace aircargo::server {

result<stores> open_postgres_stores(config const&, old_schema)
{
    return refuse(errc::invalid_request,
                  "this program was built without PostgreSQL (AIRCARGO_WITH_POSTGRES=OFF)");
}

}  // namespace aircargo::server
