#include "backends/existing_stores.hpp"
#include <filesystem>

namespace aircargo::server {

result<stores> open_existing_stores(config const& c, old_schema what)
{
    if (c.store == store_kind::sqlite && !std::filesystem::exists(c.sqlite_path)) {
        return refuse(errc::not_found, "there is no file " + c.sqlite_path +
                                           "; the server makes it when it starts, and so does "
                                           "aircargo-server migrate");
    }
    return open_stores(c, what);
}

}  // namespace aircargo::server
