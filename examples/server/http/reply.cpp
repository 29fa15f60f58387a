#include "http/reply.hpp"
#include "api/problem.hpp"
#include <array>

namespace aircargo::server {

std::string const& date_text::now()
{
    auto const now = std::time(nullptr);
    if (now == second_) return text_;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    text_.assign(text.data(),
                 std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    second_ = now;
    return text_;
}

void write_reply(std::string& out, reply const& what, request const& to, bool keep_alive,
                 date_text& date)
{
    bool const has_content = what.status != 304 && what.status != 204;
    out += "HTTP/1.1 ";
    out += std::to_string(what.status);
    out += ' ';
    out += reason_phrase(what.status);
    out += "\r\nDate: ";
    out += date.now();
    if (has_content) {
        out += "\r\nContent-Type: ";
        out += what.content_type;
        out += "\r\nContent-Length: ";
        out += std::to_string(what.body.size());
    }
    out += "\r\nX-Content-Type-Options: nosniff\r\nX-Request-ID: ";
    out += to.id;
    out += "\r\n";
    out += what.fields;
    if (!keep_alive) {
        out += "Connection: close\r\n";
    } else if (to.version == 10) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
    if (has_content && to.method != "HEAD") out += what.body;
}

}  // namespace aircargo::server
