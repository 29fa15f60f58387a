#pragma once

#include "api/openapi/schema.hpp"
#include <optional>
#include <string_view>
#include <vector>

/// The description of one route: for people and programs in /openapi.json, and for the router,
/// which refuses parameters and bodies that are not described.
namespace aircargo::server::docs {

struct parameter {
    std::string_view name;
    schema shape;
    std::string_view says;
    bool required = false;
};

struct request_body {
    schema shape;
    bool required = true;  ///< else it may be left out, as if it were `{}`
    std::string_view content_type = "application/json";
};

/// An answer of a route when all is well; refusals are listed by their status alone.
struct answer {
    unsigned status;
    std::string_view says;
    schema shape = nullptr;                  ///< null: no content
    std::vector<std::string_view> fields{};  ///< header fields, described in document.cpp
    std::string_view content_type = "application/json";
};

struct operation {
    std::string_view id;       ///< what a generated client calls it: `createBooking`
    std::string_view tag;      ///< the chapter of the document, see document.cpp
    std::string_view summary;  ///< a few words
    std::string_view says{};   ///< sentences
    std::vector<parameter> query{};
    std::vector<std::string_view> fields{};  ///< header fields of the request that it heeds
    std::optional<request_body> body{};
    std::vector<answer> answers{};
    /// Statuses of problems that its handler answers; those of the pipeline (400, 401, 403, 413,
    /// 415, 421, 429, 503) are added.
    std::vector<unsigned> refusals{};
};

}  // namespace aircargo::server::docs
