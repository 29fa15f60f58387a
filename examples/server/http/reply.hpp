#pragma once

#include "http/message.hpp"
#include <ctime>
#include <string>

namespace aircargo::server {

/// The text of the Date field, made once a second. One for each thread.
class date_text {
public:
    [[nodiscard]] std::string const& now();

private:
    std::time_t second_ = 0;
    std::string text_;
};

/// Writes an answer to the end of `out` as it goes over the wire.
void write_reply(std::string& out, reply const& what, request const& to, bool keep_alive,
                 date_text& date);

/// Writes an answer whose body goes on: with HTTP/1.1 in chunks, else until the connection ends.
void write_stream_head(std::string& out, reply const& what, request const& to, date_text& date);
void write_stream_piece(std::string& out, std::string_view piece, request const& to);
void write_stream_end(std::string& out, request const& to);

}  // namespace aircargo::server
