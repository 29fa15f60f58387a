#include "welcome.hpp"
#include "config/safety.hpp"
#include "log.hpp"
#include <aircargo/core/utc_time.hpp>
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>

namespace aircargo::server {
namespace {

constexpr std::string_view auth_is_off =
    "--auth off: whoever reaches this server may do everything";
constexpr std::string_view keys_are_drawn =
    "no --jwt-secret and no --jwt-key-file: logins are good on this server and until it ends";
constexpr std::string_view registration_is_open =
    "--registration agent: whoever reaches this server may make an account that books and cancels";

void warn(std::string_view event, std::string_view what)
{
    std::cout << "WARNING  " << what << '\n';
    log_warning(event, {{"detail", what}});
}

/// Three lines to paste into a terminal, and before them those that log in.
void print_examples(config const& c)
{
    auto const tomorrow = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) +
                          std::chrono::days(1);
    std::string const post = R"(-H 'Content-Type: application/json' -d )";
    std::string header;
    if (c.auth.required) {
        header = R"(-H "Authorization: Bearer $TOKEN" )";
        std::cout << R"(  me() { echo '{"name":"ada","password":"choose a good one"}'; })" << '\n';
        if (c.auth.registration)
            std::cout << "  me | curl -s $API/auth/register " << post << "@-\n";
        std::cout << "  TOKEN=$(me | curl -s $API/auth/login " << post
                  << R"(@- | sed 's/.*"access_token":"//; s/".*//'))" << '\n';
    }
    std::cout << "  curl -s $API/bookings " << header << post
              << R"('{"origin":"DEL","destination":"BLR","pieces":5,"weight_kg":120}')" << '\n'
              << "  curl -s $API/routes/search " << post
              << R"('{"origin":"DEL","destination":"BLR","departure_date":")"
              << to_string(date(tomorrow)) << "\"}'\n"
              << "  curl -s $API/bookings " << header << '\n';
}

}  // namespace

void welcome(config const& c, std::uint16_t port, std::size_t flights)
{
    bool const is_v6 = c.address.find(':') != c.address.npos;
    auto const host = is_v6 ? '[' + c.address + ']' : c.address;
    auto const url = (c.tls ? "https://" : "http://") + host + ':' + std::to_string(port);
    std::cout << "aircargo-server " << AIRCARGO_VERSION << ", " << flights
              << " flights in the schedule\n";
    if (!c.auth.required) {
        warn("auth.off", auth_is_off);
    } else if (c.auth.keys_are_drawn) {
        warn("auth.keys_drawn", keys_are_drawn);
    }
    if (strangers_may_book(c)) warn("auth.registration_open", registration_is_open);
    std::cout << "listening on " << url << "\n\nTry it from another terminal:\n  API=" << url
              << "/api/v1\n";
    print_examples(c);
    std::cout << std::flush;
}

}  // namespace aircargo::server
