#include "redis/connection.hpp"
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace aircargo::detail {
namespace {

[[nodiscard]] error down(std::string_view what)
{
    return refuse(errc::backend_down, "Redis: " + std::string(what));
}

/// Begins to connect; whether it succeeds shows when it is written to. Only looking up a name may
/// take longer than we say.
[[nodiscard]] redisContext* connect(redis_url const& url)
{
    return url.socket.empty() ? redisConnectNonBlock(url.host.c_str(), url.port)
                              : redisConnectUnixNonBlock(url.socket.c_str());
}

void append(std::string& out, std::size_t number, char kind)
{
    out += kind;
    out += std::to_string(number);
    out += "\r\n";
}

/// As the protocol has it: an array of strings with their lengths.
void append(std::string& out, redis_command const& command)
{
    append(out, command.size(), '*');
    for (auto const& word : command) {
        append(out, word.size(), '$');
        out += word;
        out += "\r\n";
    }
}

[[nodiscard]] redis_reply copy_of(redisReply const& reply)
{
    using kind = redis_reply::kind;
    redis_reply out;
    auto const text = [&] { return std::string(reply.str, reply.len); };
    switch (reply.type) {
        case REDIS_REPLY_INTEGER:
            out.is = kind::integer;
            out.number = reply.integer;
            break;
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
            out.is = kind::text;
            out.text = text();
            break;
        case REDIS_REPLY_ERROR:
            out.is = kind::error;
            out.text = text();
            break;
        case REDIS_REPLY_ARRAY:
            out.is = kind::list;
            out.items.reserve(reply.elements);
            for (std::size_t i = 0; i < reply.elements; ++i)
                out.items.push_back(copy_of(*reply.element[i]));
            break;
        default: break;  // nil
    }
    return out;
}

/// The value of `name:` in what INFO answers; empty when it is not there.
[[nodiscard]] std::string_view field(std::string_view info, std::string_view name)
{
    auto const at = info.find("\n" + std::string(name) + ":");
    if (at == std::string_view::npos) return {};
    auto const value = info.substr(at + name.size() + 2);
    return value.substr(0, value.find_first_of("\r\n"));
}

}  // namespace

void redis_connection::free_context::operator()(redisContext* c) const noexcept { redisFree(c); }

result<std::unique_ptr<redis_connection>> redis_connection::open(redis_url const& url,
                                                                 redis_options const& options,
                                                                 int give_up)
{
    auto const by = std::chrono::steady_clock::now() + options.connect_timeout;
    std::unique_ptr<redis_connection> made(new redis_connection(connect(url), give_up));
    if (!made->context_) return down("no memory for a connection");
    if (made->context_->err != 0) return down(static_cast<char const*>(made->context_->errstr));
    fcntl(made->context_->fd, F_SETFD, FD_CLOEXEC);
    if (auto greeted = made->greet(url, by); !greeted) return greeted.error();
    made->give_up_ = -1;
    return made;
}

result<void> redis_connection::greet(redis_url const& url, deadline by)
{
    std::vector<redis_command> hello;
    if (!url.password.empty()) {
        hello.push_back(url.user.empty() ? redis_command{"AUTH", url.password}
                                         : redis_command{"AUTH", url.user, url.password});
    }
    if (url.database != 0) hello.push_back({"SELECT", std::to_string(url.database)});
    hello.push_back({"INFO"});
    send(hello);
    auto const replies = receive(by);
    if (!replies) return replies.error();
    for (std::size_t i = 0; i < hello.size(); ++i) {
        auto const& reply = (*replies)[i];
        if (reply.is != redis_reply::kind::error) continue;
        // A server that does not know AUTH would quote the password.
        return down(hello[i].front() == "AUTH" ? "it refuses the user or the password"
                                               : reply.text);
    }
    return read_info(replies->back().text);
}

result<void> redis_connection::read_info(std::string const& text)
{
    run_id_ = field(text, "run_id");
    if (run_id_.empty()) return down("INFO tells no run_id");
    if (field(text, "loading") == "1") return down("it is loading its data");
    if (field(text, "role") != "master") return down("it is a replica");
    return {};
}

bool redis_connection::is_stale() const
{
    if (context_->reader->pos < context_->reader->len) return true;
    char byte = 0;
    auto const got = recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void redis_connection::send(std::span<redis_command const> commands)
{
    for (auto const& command : commands) append(unsent_, command);
    expected_ = commands.size();
    (void)write_some();  // what goes wrong shows when the answers are read
}

result<std::vector<redis_reply>> redis_connection::receive(deadline by)
{
    std::vector<redis_reply> replies;
    replies.reserve(expected_);
    while (replies.size() < expected_) {
        redis_reply next;
        auto const taken = take_reply(next);
        if (!taken) return taken.error();
        if (*taken) {
            replies.push_back(std::move(next));
            continue;
        }
        if (auto waited = wait(by); !waited) return waited.error();
        if (auto wrote = write_some(); !wrote) return wrote.error();
        if (auto read = read_some(); !read) return read.error();
    }
    expected_ = 0;
    return replies;
}

/// hiredis would write without MSG_NOSIGNAL, and a closed peer would end the process.
result<void> redis_connection::write_some()
{
    while (sent_ < unsent_.size()) {
        auto const wrote = ::send(context_->fd, unsent_.data() + sent_, unsent_.size() - sent_,
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
        if (wrote < 0) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return {};
            return down("the connection broke");
        }
        sent_ += static_cast<std::size_t>(wrote);
    }
    constexpr std::size_t worth_keeping = 64 * 1024;
    if (unsent_.capacity() > worth_keeping) unsent_ = {};
    unsent_.clear();
    sent_ = 0;
    return {};
}

result<void> redis_connection::read_some()
{
    constexpr std::size_t at_once = 64 * 1024;
    thread_local std::array<char, at_once> bytes;
    for (;;) {
        auto const got = recv(context_->fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
        if (got <= 0) return down("the connection broke");
        auto const size = static_cast<std::size_t>(got);
        if (redisReaderFeed(context_->reader, bytes.data(), size) != REDIS_OK)
            return down("its answer can not be read");
        if (size < bytes.size()) return {};
    }
}

/// Until there is something to read, or to write if something waits to be written. What has come by
/// the deadline counts also when it is asked for later: while one node was waited for, others have
/// answered.
result<void> redis_connection::wait(deadline by) const
{
    for (;;) {
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(by - std::chrono::steady_clock::now());
        short const wanted = unsent_.empty() ? POLLIN : POLLIN | POLLOUT;
        std::array<pollfd, 2> fds{{{context_->fd, wanted, 0}, {give_up_, POLLIN, 0}}};
        auto const ready =
            poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return down("the connection can not be waited for");
        if (fds[1].revents != 0) return down("nobody wants it any more");
        if (ready == 0) return down("it did not answer in time");
        return {};
    }
}

result<bool> redis_connection::take_reply(redis_reply& into)
{
    void* raw = nullptr;
    if (redisReaderGetReply(context_->reader, &raw) != REDIS_OK)
        return down("its answer can not be read");
    if (raw == nullptr) return false;
    auto* const reply = static_cast<redisReply*>(raw);
    into = copy_of(*reply);
    freeReplyObject(reply);
    return true;
}

}  // namespace aircargo::detail
