#pragma once

// Only for http/server.cpp, the one file that compiles Asio and Beast.

#include "http/connection_limits.hpp"
#include "http/gate.hpp"
#include "http/message.hpp"
#include <boost/beast/http/basic_parser.hpp>
#include <algorithm>
#include <optional>
#include <string_view>

namespace aircargo::server {

namespace beast = boost::beast;

/// Beast's parser, filling our request. The header must be handed in whole (`request::head`), since
/// the fields stay views into it. Takes no chunk extensions and no trailers.
class message_parser final : public beast::http::basic_parser<true> {
public:
    explicit message_parser(request& r) : request_(r)
    {
        header_limit(gate_limits::head_bytes + 4);
        body_limit(gate_limits::body_bytes);
    }

private:
    using error_code = beast::error_code;
    using http_error = beast::http::error;

    [[nodiscard]] static std::string_view view(beast::string_view s)
    {
        return {s.data(), s.size()};
    }

    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                         int version, error_code&) override
    {
        request_.method = view(method);
        request_.target = view(target);
        request_.version = version;
    }

    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       error_code& ec) override
    {
        if (is_header_done()) {
            ec = http_error::bad_field;  // a trailer
        } else if (request_.fields.size() > gate_limits::fields) {
            ec = http_error::header_limit;
        } else {
            request_.fields.push_back({view(name), view(value)});
        }
    }

    void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code&) override
    {
        // A promise costs the client nothing, so it gets no more than what nobody counts.
        constexpr std::uint64_t at_once = body_budget::share::free_bytes;
        if (length) request_.body.reserve(static_cast<std::size_t>(std::min(*length, at_once)));
    }

    std::size_t on_body_impl(beast::string_view body, error_code&) override
    {
        request_.body.append(body.data(), body.size());
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, beast::string_view extensions, error_code& ec) override
    {
        if (!extensions.empty()) ec = http_error::bad_chunk_extension;
    }

    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code& ec) override
    {
        return on_body_impl(body, ec);
    }

    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_finish_impl(error_code&) override {}

    request& request_;
};

/// Why the parser stopped; nothing when it only wants more.
[[nodiscard]] inline std::optional<gate_refusal> refusal_of(beast::error_code const& ec)
{
    using beast::http::error;
    if (!ec || ec == error::need_more) return std::nullopt;
    if (ec == error::body_limit)
        return gate_refusal{413, "content_too_large", "the body is larger than 1 MiB"};
    if (ec == error::header_limit) {
        return gate_refusal{431, "header_too_large",
                            "the header has more than 16 KiB or 100 fields"};
    }
    return gate_refusal{400, "bad_request",
                        "this is not HTTP as this server takes it: " + ec.message()};
}

}  // namespace aircargo::server
