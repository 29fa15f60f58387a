#include "support/fault_proxy.hpp"
#include <gtest/gtest.h>
#include <poll.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

constexpr int patience = 60'000;  // milliseconds; only a broken proxy takes that long

void wait_for(descriptor const& socket, short event)
{
    pollfd one{socket.get(), event, 0};
    if (poll(&one, 1, patience) == 0) throw std::runtime_error("waited in vain");
}

/// One end of a connection.
class peer {
public:
    explicit peer(descriptor socket) : socket_(std::move(socket)) {}

    void say(std::string_view text)
    {
        while (!text.empty()) {
            auto const sent = send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN)
                throw std::system_error(errno, std::generic_category());
            if (sent < 0) wait_for(socket_, POLLOUT);
            text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
        }
    }
    void end() { shutdown(socket_.get(), SHUT_WR); }

    /// As many bytes; fewer, and then "|end" or "|reset", when no more come.
    std::string hear(std::size_t count)
    {
        std::string heard;
        while (heard.size() < count) {
            wait_for(socket_, POLLIN);
            std::array<char, 4096> buffer;
            auto const got = recv(socket_.get(), buffer.data(),
                                  std::min(buffer.size(), count - heard.size()), 0);
            if (got <= 0) return heard + (got == 0 ? "|end" : "|reset");
            heard.append(buffer.data(), static_cast<std::size_t>(got));
        }
        return heard;
    }
    std::string hear_all() { return hear(std::string::npos); }
    bool hears_nothing() const
    {
        pollfd one{socket_.get(), POLLIN, 0};
        return poll(&one, 1, 0) == 0;
    }

private:
    descriptor socket_;
};

/// Nothing when nobody listens there.
std::optional<peer> connect_to(std::uint16_t port)
{
    descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (with_loopback<connect>(socket, port) != 0) return std::nullopt;
    return peer(std::move(socket));
}

/// Passes the first bytes from the client and cuts; or drops everything that the server says.
struct strict_watcher : connection_watcher {
    explicit strict_watcher(std::size_t most) : left(most) {}
    verdict from_client(std::span<std::byte const> bytes) override
    {
        auto const pass = std::min(left, bytes.size());
        left -= pass;
        return {pass, left == 0};
    }
    verdict from_server(std::span<std::byte const>) override { return {0}; }
    std::size_t left;
};

struct fault_proxy_test : testing::Test {
    explicit fault_proxy_test(fault_proxy::watch watch = {})
        : proxy(port_of(listener), std::move(watch))
    {}

    static descriptor listening()
    {
        auto made = bound_socket(0);
        listen(made.get(), SOMAXCONN);
        return made;
    }
    peer accepted() const
    {
        wait_for(listener, POLLIN);
        return peer(descriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    }
    /// A client and the server that it reached through the proxy.
    std::pair<peer, peer> connection()
    {
        auto client = connect_to(proxy.port()).value();
        return {std::move(client), accepted()};
    }
    void wait_until_held(std::size_t count)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
        while (proxy.held() != count && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        ASSERT_EQ(proxy.held(), count);
    }

    descriptor listener = listening();
    fault_proxy proxy;
};

struct fault_proxy_with_a_watcher : fault_proxy_test {
    fault_proxy_with_a_watcher()
        : fault_proxy_test([] { return std::make_unique<strict_watcher>(5); })
    {}
};

TEST_F(fault_proxy_test, passes_both_ways_and_ends_each_way_apart)
{
    auto [client, server] = connection();

    client.say("question");
    client.end();
    EXPECT_EQ(server.hear_all(), "question|end");
    server.say("answer");
    server.end();
    EXPECT_EQ(client.hear_all(), "answer|end");
}

TEST_F(fault_proxy_test, passes_more_than_it_holds_to_a_reader_that_comes_late)
{
    auto [client, server] = connection();
    std::string text;
    for (int i = 0; text.size() < 20'000'000; ++i) text += std::to_string(i);

    std::thread saying([&c = client, &text] {
        c.say(text);
        c.end();
    });
    while (proxy.held() < (1U << 20U)) std::this_thread::yield();
    auto const heard = server.hear_all();
    saying.join();
    EXPECT_TRUE(heard == text + "|end");
}

TEST_F(fault_proxy_test, cuts_every_connection_and_takes_new_ones)
{
    auto [client, server] = connection();
    auto [other_client, other_server] = connection();

    proxy.cut_all();

    for (auto* each : {&client, &server, &other_client, &other_server}) {
        EXPECT_EQ(each->hear_all(), "|reset");
    }
    EXPECT_EQ(proxy.connections(), 0U);
    auto [client_after, server_after] = connection();
    client_after.say("again");
    EXPECT_EQ(server_after.hear(5), "again");
}

TEST_F(fault_proxy_test, refuses_new_connections_and_keeps_those_there_are)
{
    auto [client, server] = connection();

    proxy.refuse(true);
    EXPECT_FALSE(connect_to(proxy.port()).has_value());
    client.say("still here");
    EXPECT_EQ(server.hear(10), "still here");

    proxy.refuse(false);
    EXPECT_TRUE(connect_to(proxy.port()).has_value());
}

TEST_F(fault_proxy_test, stalls_and_then_delivers_what_it_held)
{
    auto [client, server] = connection();
    proxy.stall(true);

    client.say("question");
    server.say("answer");
    client.end();
    wait_until_held(14);
    auto [late_client, late_server] = connection();
    late_client.say("late");
    wait_until_held(18);
    EXPECT_TRUE(server.hears_nothing());
    EXPECT_TRUE(client.hears_nothing());
    EXPECT_TRUE(late_server.hears_nothing());

    proxy.stall(false);
    EXPECT_EQ(server.hear_all(), "question|end");
    EXPECT_EQ(client.hear(6), "answer");
    EXPECT_EQ(late_server.hear(4), "late");
}

TEST_F(fault_proxy_test, hides_that_a_client_has_gone_while_it_stalls)
{
    auto [client, server] = connection();
    proxy.stall(true);
    server.say("unread");
    wait_until_held(6);
    client = connect_to(proxy.port()).value();  // closes the one before
    auto other_server = accepted();
    client.say("x");
    wait_until_held(7);
    EXPECT_TRUE(server.hears_nothing());

    proxy.stall(false);
    EXPECT_EQ(other_server.hear(1), "x");
}

TEST_F(fault_proxy_test, delays)
{
    auto [client, server] = connection();
    proxy.delay(30ms);

    auto const asked = std::chrono::steady_clock::now();
    client.say("question");
    EXPECT_EQ(server.hear(8), "question");
    server.say("answer");
    EXPECT_EQ(client.hear(6), "answer");
    EXPECT_GE(std::chrono::steady_clock::now() - asked, 60ms);
}

TEST_F(fault_proxy_test, resets_clients_where_no_server_is)
{
    listener = {};
    EXPECT_EQ(connect_to(proxy.port()).value().hear_all(), "|reset");
}

TEST_F(fault_proxy_test, leaves_nobody_waiting_when_it_ends)
{
    auto client = std::make_unique<std::optional<peer>>();
    {
        fault_proxy other(port_of(listener));
        *client = connect_to(other.port());
        auto server = accepted();
        (*client)->say("x");
        EXPECT_EQ(server.hear(1), "x");
        other.stall(true);
    }
    EXPECT_EQ((*client)->hear_all(), "|reset");
}

TEST_F(fault_proxy_with_a_watcher, cuts_after_exactly_what_its_watcher_lets_pass)
{
    auto [client, server] = connection();

    server.say("not wanted");
    client.say("123");
    EXPECT_EQ(server.hear(3), "123");
    client.say("4567");
    EXPECT_EQ(server.hear_all(), "45|reset");
    EXPECT_EQ(client.hear_all(), "|reset");
}

}  // namespace
}  // namespace aircargo::test
