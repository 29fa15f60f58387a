#include "password_input.hpp"
#include <termios.h>
#include <unistd.h>
#include <cstdlib>
#include <iostream>

namespace aircargo::server {
namespace {

/// Keeps a terminal from showing what is typed.
class without_echo {
public:
    without_echo() : is_terminal_(::tcgetattr(STDIN_FILENO, &usual_) == 0)
    {
        if (!is_terminal_) return;
        auto quiet = usual_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~without_echo()
    {
        if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual_);
    }
    without_echo(without_echo const&) = delete;
    without_echo& operator=(without_echo const&) = delete;

    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }

private:
    termios usual_{};
    bool is_terminal_;
};

}  // namespace

result<std::string> read_password()
{
    if (char const* const given = std::getenv("AIRCARGO_PASSWORD")) return std::string(given);
    without_echo const quiet;
    if (quiet.is_terminal()) std::cerr << "password: " << std::flush;
    std::string line;
    bool const read = static_cast<bool>(std::getline(std::cin, line));
    if (quiet.is_terminal()) std::cerr << '\n';
    if (read) return line;
    return refuse(errc::invalid_request,
                  "there is no password: give it in AIRCARGO_PASSWORD or as a line of stdin");
}

}  // namespace aircargo::server
