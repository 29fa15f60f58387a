#include "config/safety.hpp"
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] bool only_this_machine_reaches(std::string const& address)
{
    return address.starts_with("127.") || address == "::1";
}

}  // namespace

result<void> check_safety(config const& c)
{
    if (only_this_machine_reaches(c.address)) return {};
    if (!c.auth.required) {
        return refuse(errc::invalid_request,
                      "--auth (AIRCARGO_AUTH) is off, and others than this machine reach --listen "
                      "(AIRCARGO_LISTEN) " +
                          c.address +
                          ": everybody could do everything. Let it be required, or listen on "
                          "127.0.0.1");
    }
    if (c.auth.keys_are_drawn && !c.demo_schedule) {
        return refuse(
            errc::invalid_request,
            "--jwt-secret (AIRCARGO_JWT_SECRET) or --jwt-key-file (AIRCARGO_JWT_KEY_FILE) "
            "is needed to serve others than this machine, so that logins outlive the "
            "server; openssl rand -base64 32 gives a secret");
    }
    return {};
}

bool strangers_may_book(config const& c)
{
    return c.auth.required && c.auth.registration == account_role::agent && !c.demo_schedule &&
           !only_this_machine_reaches(c.address);
}

}  // namespace aircargo::server
