#include "api/openapi/operations.hpp"
#include "api/openapi/schemas.hpp"

namespace aircargo::server::docs {

operation health()
{
    return {.id = "health",
            .tag = "Service",
            .summary = "Whether the server can serve",
            .answers = {{200, "It can.", refer(schemas::health), {"Cache-Control"}},
                        {503,
                         "The store can not be reached.",
                         refer(schemas::health),
                         {"Cache-Control", "Retry-After"}}}};
}

operation health_detailed()
{
    return {.id = "healthDetailed",
            .tag = "Service",
            .summary = "The state of each part",
            .answers = {{200, "It can serve.", refer(schemas::health_detailed), {"Cache-Control"}},
                        {503,
                         "The store can not be reached.",
                         refer(schemas::health_detailed),
                         {"Cache-Control", "Retry-After"}}}};
}

operation livez()
{
    return {.id = "livez",
            .tag = "Service",
            .summary = "Whether the process answers",
            .says = "Asks nothing else. If this fails, a restart may help.",
            .answers = {{200, "It does.", refer(schemas::liveness), {"Cache-Control"}}}};
}

operation readyz()
{
    return {.id = "readyz",
            .tag = "Service",
            .summary = "Whether requests should be sent here",
            .answers = {{200,
                         "They should, also where it is degraded: Redis is away.",
                         refer(schemas::readiness),
                         {"Cache-Control"}},
                        {503,
                         "The store can not be reached, or the server is about to stop.",
                         refer(schemas::readiness),
                         {"Cache-Control", "Retry-After"}}}};
}

operation metrics()
{
    return {.id = "metrics",
            .tag = "Service",
            .summary = "Numbers for Prometheus",
            .answers = {{200,
                         "Its text format, 0.0.4.",
                         {{"type", "string"}},
                         {"Cache-Control"},
                         "text/plain; version=0.0.4; charset=utf-8"}}};
}

operation get_docs()
{
    return {.id = "getDocs",
            .tag = "Service",
            .summary = "This description as a page",
            .fields = {"If-None-Match"},
            .answers = {{200, "A page.", text(), {"ETag"}, "text/html"},
                        {304, "The client has it already.", nullptr, {"ETag"}}}};
}

operation get_docs_file()
{
    return {.id = "getDocsFile",
            .tag = "Service",
            .summary = "A script or style of that page",
            .fields = {"If-None-Match"},
            .answers = {{200, "The file.", text(), {"ETag"}, "*/*"},
                        {304, "The client has it already.", nullptr, {"ETag"}}},
            .refusals = {404}};
}

operation get_openapi()
{
    return {.id = "getOpenapi",
            .tag = "Service",
            .summary = "This description",
            .fields = {"If-None-Match"},
            .answers = {{200, "An OpenAPI document.", {{"type", "object"}}, {"ETag"}},
                        {304, "The client has it already.", nullptr, {"ETag"}}}};
}

}  // namespace aircargo::server::docs
