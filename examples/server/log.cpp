#include "log.hpp"
#include "api/json_writer.hpp"
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <array>
#include <charconv>
#include <ctime>
#include <memory>
#include <mutex>
#include <utility>

namespace aircargo::server {
namespace {

constexpr std::size_t longest_value = 512;
constexpr std::size_t queue_lines = 8 * 1024;

/// Collects lines while more are waiting and writes them in one call.
class stderr_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit stderr_sink(spdlog::details::thread_pool& pool) : pool_(pool) {}

protected:
    void sink_it_(spdlog::details::log_msg const& message) override
    {
        constexpr std::size_t full = 64 * 1024;
        pending_.append(message.payload.data(), message.payload.size());
        pending_ += '\n';
        if (pending_.size() > full || pool_.queue_size() == 0) flush_();
    }

    void flush_() override
    {
        std::string_view rest = pending_;
        while (!rest.empty()) {
            auto const written = ::write(STDERR_FILENO, rest.data(), rest.size());
            if (written <= 0) break;  // nobody reads; logging must not stop the server
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        pending_.clear();
    }

private:
    spdlog::details::thread_pool& pool_;
    std::string pending_;
};

/// Not spdlog's registry: its shutdown holds a lock that the log's thread may be waiting for.
struct running_log {
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::logger> logger;
};

running_log& running()
{
    static running_log instance;
    return instance;
}

[[nodiscard]] spdlog::logger* logger() { return running().logger.get(); }

[[nodiscard]] bool wants(spdlog::level::level_enum level)
{
    return logger() && logger()->should_log(level);
}

/// 2026-12-01T06:00:00.123Z
[[nodiscard]] std::string now_text()
{
    using namespace std::chrono;
    auto const now = system_clock::now();
    auto const seconds = floor<std::chrono::seconds>(now);
    auto const time = system_clock::to_time_t(seconds);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 24> text{};
    auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
    auto const ms = duration_cast<milliseconds>(now - seconds).count();
    for (auto divisor : {100, 10, 1}) text[size++] = static_cast<char>('0' + ms / divisor % 10);
    return std::string(text.data(), size) + 'Z';
}

/// A value of bounded length in which every byte is printable ASCII or plain UTF-8 of ours.
void add(json_writer& out, std::string_view name, std::string_view value)
{
    std::string safe(value.substr(0, longest_value));
    for (char& c : safe) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
    out.member(name, safe);
}

void add(json_writer& out, request_names of)
{
    if (of.request_id.empty()) return;
    add(out, "request_id", of.request_id);
    add(out, "trace_id", of.trace_id);
}

void write(spdlog::level::level_enum level, request_names of, std::string_view what,
           log_fields fields)
{
    if (!wants(level)) return;
    std::string line;
    line.reserve(256);
    json_writer out(line);
    auto const name = spdlog::level::to_string_view(level);
    out.begin_object()
        .member("time", now_text())
        .member("level", std::string_view(name.data(), name.size()));
    add(out, "event", what);
    add(out, of);
    for (auto const& [field, value] : fields) add(out, field, value);
    out.end_object();
    logger()->log(level, spdlog::string_view_t(line));
}

[[nodiscard]] spdlog::level::level_enum to_spdlog(log_level level)
{
    switch (level) {
        case log_level::debug: return spdlog::level::debug;
        case log_level::info: return spdlog::level::info;
        case log_level::warn: return spdlog::level::warn;
        case log_level::error: return spdlog::level::err;
        case log_level::off: return spdlog::level::off;
    }
    return spdlog::level::info;
}

}  // namespace

log_session::log_session(log_level level)
{
    auto pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1);
    auto logger =
        std::make_shared<spdlog::async_logger>("server", std::make_shared<stderr_sink>(*pool), pool,
                                               spdlog::async_overflow_policy::overrun_oldest);
    logger->set_level(to_spdlog(level));
    running() = {std::move(pool), std::move(logger)};
}

log_session::~log_session()
{
    running().pool.reset();  // works off the queue; its thread uses the logger until then
    running().logger.reset();
}

void log_access(access_record const& record)
{
    if (!wants(spdlog::level::info)) return;
    std::string line;
    line.reserve(384);
    json_writer out(line);
    out.begin_object()
        .member("time", now_text())
        .member("level", "info")
        .member("event", "request");
    add(out, record.of);
    add(out, "method", record.method);
    add(out, "route", record.route);
    add(out, "path", record.path);
    std::array<char, 32> ms{};
    auto const duration = std::chrono::duration<double, std::milli>(record.duration).count();
    auto const end =
        std::to_chars(ms.data(), ms.data() + ms.size(), duration, std::chars_format::fixed, 3).ptr;
    out.member("status", record.status)
        .key("duration_ms")
        .raw({ms.data(), static_cast<std::size_t>(end - ms.data())})
        .member("bytes", record.bytes);
    add(out, "peer", record.peer);
    if (!record.client.empty() && record.client != record.peer) add(out, "client", record.client);
    out.end_object();
    logger()->log(spdlog::level::info, spdlog::string_view_t(line));
}

std::uint64_t lost_log_lines()
{
    auto const& pool = running().pool;
    return pool ? pool->overrun_counter() : 0;
}

bool logs_debug() { return wants(spdlog::level::debug); }

void log_debug(std::string_view what, log_fields fields)
{
    write(spdlog::level::debug, {}, what, fields);
}
void log_info(std::string_view what, log_fields fields) { log_info({}, what, fields); }
void log_info(request_names of, std::string_view what, log_fields fields)
{
    write(spdlog::level::info, of, what, fields);
}
void log_warning(std::string_view what, log_fields fields) { log_warning({}, what, fields); }
void log_warning(request_names of, std::string_view what, log_fields fields)
{
    write(spdlog::level::warn, of, what, fields);
}
void log_error(std::string_view what, log_fields fields) { log_error({}, what, fields); }
void log_error(request_names of, std::string_view what, log_fields fields)
{
    write(spdlog::level::err, of, what, fields);
}

}  // namespace aircargo::server
