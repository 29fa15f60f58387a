#include "http/reply.hpp"
#include "api/problem.hpp"
#include <array>
#include <charconv>

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

namespace {

void write_start(std::string& out, unsigned status, date_text& date)
{
    out += "HTTP/1.1 ";
    out += std::to_string(status);
    out += ' ';
    out += reason_phrase(status);
    out += "\r\nDate: ";
    out += date.now();
}

/// What every answer has, and the fields of this one.
void write_fields(std::string& out, reply const& what, request const& to)
{
    out += "\r\nCache-Control: ";
    out += what.cache_control;
    out += "\r\nContent-Security-Policy: ";
    out += what.content_policy;
    out +=
        "\r\nCross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer"
        "\r\nX-Content-Type-Options: nosniff\r\nX-Request-ID: ";
    out += to.id;
    out += "\r\ntraceparent: ";
    out += to.trace.traceparent();
    out += "\r\n";
    out += what.fields;
    out += to.answer_fields;
}

[[nodiscard]] bool takes_chunks(request const& to) { return to.version >= 11; }

}  // namespace

void write_reply(std::string& out, reply const& what, request const& to, bool keep_alive,
                 date_text& date)
{
    bool const has_content = what.status != 304 && what.status != 204;
    write_start(out, what.status, date);
    if (has_content) {
        out += "\r\nContent-Type: ";
        out += what.content_type;
        out += "\r\nContent-Length: ";
        out += std::to_string(what.body.size());
    }
    write_fields(out, what, to);
    if (!keep_alive) {
        out += "Connection: close\r\n";
    } else if (to.version == 10) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
    if (has_content && to.method != "HEAD") out += what.body;
}

void write_stream_head(std::string& out, reply const& what, request const& to, date_text& date)
{
    write_start(out, what.status, date);
    out += "\r\nContent-Type: ";
    out += what.content_type;
    if (takes_chunks(to)) out += "\r\nTransfer-Encoding: chunked";
    write_fields(out, what, to);
    out += "Connection: close\r\n\r\n";
    write_stream_piece(out, what.body, to);
}

void write_stream_piece(std::string& out, std::string_view piece, request const& to)
{
    if (to.method == "HEAD" || piece.empty()) return;  // an empty chunk would end the answer
    if (!takes_chunks(to)) {
        out += piece;
        return;
    }
    std::array<char, 16> size{};
    auto const end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    out.append(size.data(), end);
    out += "\r\n";
    out += piece;
    out += "\r\n";
}

void write_stream_end(std::string& out, request const& to)
{
    if (to.method != "HEAD" && takes_chunks(to)) out += "0\r\n\r\n";
}

}  // namespace aircargo::server
