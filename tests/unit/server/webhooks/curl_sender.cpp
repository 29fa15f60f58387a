#include "webhooks/curl_sender.hpp"
#include "support/builders.hpp"
#include "support/http_receiver.hpp"
#include "webhooks/signature.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

namespace aircargo::test {
namespace {

using namespace server;
using namespace std::chrono_literals;

std::string const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

curl_sender::options options(std::string_view allowed = "127.0.0.1")
{
    curl_sender::options o;
    o.timeout = 10s;
    if (!allowed.empty()) o.allowed = {ip_network::parse(allowed).value()};
    o.now = [] { return noon; };
    return o;
}

send_outcome sent(webhook_sender& sender, std::string const& url,
                  std::string const& signed_with = secret)
{
    std::promise<send_outcome> outcome;
    sender.send({url, signed_with, "17", R"({"a":1})"},
                [&](send_outcome out) { outcome.set_value(std::move(out)); });
    return outcome.get_future().get();
}

TEST(curl_senders, send_what_the_receiver_can_check)
{
    receiver to(answer_of("204 No Content"));
    curl_sender sender(options());
    auto const out = sent(sender, to.url());
    EXPECT_TRUE(out.arrived) << out.error;
    EXPECT_EQ(out.status, 204U);
    auto const request = to.requests().at(0);
    EXPECT_TRUE(request.starts_with("POST /hook HTTP/1.1\r\n")) << request;
    for (auto const& line :
         {std::string("webhook-id: 17"), "webhook-timestamp: " + std::to_string(to_epoch(noon)),
          "webhook-signature: " + webhook_signature(secret, "17", noon, R"({"a":1})"),
          std::string("Content-Type: application/json")})
        EXPECT_NE(request.find("\r\n" + line + "\r\n"), request.npos) << request;
    EXPECT_TRUE(request.ends_with("\r\n\r\n{\"a\":1}")) << request;
}

TEST(curl_senders, tell_that_it_did_not_arrive)
{
    receiver to(answer_of("500 Oh"));
    curl_sender sender(options());
    auto const out = sent(sender, to.url());
    EXPECT_FALSE(out.arrived);
    EXPECT_TRUE(out.tried);
    EXPECT_EQ(out.status, 500U);
    EXPECT_EQ(out.error, "HTTP 500");
    auto const nobody = port_of(bound_socket(0));
    auto const refused = sent(sender, "http://127.0.0.1:" + std::to_string(nobody));
    EXPECT_FALSE(refused.arrived);
    EXPECT_EQ(refused.status, 0U);
    EXPECT_FALSE(refused.error.empty());
}

TEST(curl_senders, outlive_a_damaged_secret)
{
    receiver to(answer_of("204 No Content"));
    curl_sender sender(options());
    auto const out = sent(sender, to.url(), "damaged");
    EXPECT_FALSE(out.arrived);
    EXPECT_TRUE(out.error.starts_with("it can not be sent")) << out.error;
    EXPECT_FALSE(out.tried);
    EXPECT_TRUE(to.requests().empty());
    EXPECT_TRUE(sent(sender, to.url()).arrived) << "the next one goes";
}

TEST(curl_senders, outlive_a_listener_that_throws)
{
    receiver to(answer_of("204 No Content"));
    curl_sender sender(options());
    std::promise<void> told;
    sender.send({to.url(), secret, "1", "{}"}, [&](send_outcome const&) {
        told.set_value();
        throw std::runtime_error("of the listener");
    });
    told.get_future().get();
    EXPECT_TRUE(sent(sender, to.url()).arrived) << "the next one goes";
}

TEST(curl_senders, follow_nobody)
{
    receiver elsewhere(answer_of("200 OK"));
    receiver to(answer_of("302 Found", "Location: " + elsewhere.url() + "\r\n"));
    curl_sender sender(options());
    EXPECT_EQ(sent(sender, to.url()).error, "HTTP 302");
    EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(curl_senders, go_to_no_address_that_is_not_public_unless_it_is_named)
{
    receiver to(answer_of("200 OK"));
    curl_sender sender(options(""));
    EXPECT_EQ(sent(sender, to.url()).error, "the address 127.0.0.1 is not public");
    auto const by_name = sent(sender, to.url("localhost"));
    EXPECT_NE(by_name.error.find("is not public"), std::string::npos) << by_name.error;
    EXPECT_TRUE(to.requests().empty());
}

TEST(curl_senders, wait_no_longer_than_they_should)
{
    receiver silent("");
    auto o = options();
    o.timeout = 100ms;
    curl_sender sender(o);
    auto const out = sent(sender, silent.url());
    EXPECT_FALSE(out.arrived);
    EXPECT_GE(out.took, 90ms);
    EXPECT_EQ(silent.requests().size(), 1U);
}

TEST(curl_senders, read_little_of_a_long_answer)
{
    receiver to("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(1'000'000, 'x'));
    curl_sender sender(options());
    EXPECT_TRUE(sent(sender, to.url()).arrived) << "its status says so";
}

TEST(curl_senders, go_by_the_head_of_an_answer_that_never_ends)
{
    auto o = options();
    o.timeout = 60s;
    curl_sender sender(o);
    for (auto const* rest : {"Content-Length: 7\r\n\r\n", "Content-Length: 7\r\n\r\nabc", "\r\n",
                             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
        receiver good(std::string("HTTP/1.1 200 OK\r\n") + rest, receiver::then::says_no_more);
        auto const out = sent(sender, good.url());
        EXPECT_TRUE(out.arrived) << out.error << rest;
        EXPECT_EQ(out.status, 200U);
        EXPECT_LT(out.took, 30s);
        receiver bad(std::string("HTTP/1.1 500 Oh\r\n") + rest, receiver::then::says_no_more);
        EXPECT_EQ(sent(sender, bad.url()).error, "HTTP 500");
    }
}

TEST(curl_senders, go_by_the_head_of_an_answer_that_is_cut_off)
{
    receiver to("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nabc");
    curl_sender sender(options());
    EXPECT_TRUE(sent(sender, to.url()).arrived);
}

TEST(curl_senders, wait_for_the_end_of_the_head)
{
    auto o = options();
    o.timeout = 300ms;
    curl_sender sender(o);
    for (auto const* part : {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nDate: x\r\n",
                             "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"}) {
        receiver to(part, receiver::then::says_no_more);
        auto const out = sent(sender, to.url());
        EXPECT_FALSE(out.arrived) << part;
        EXPECT_EQ(out.status, 0U);
        EXPECT_NE(out.error.find("timed out"), std::string::npos) << out.error;
    }
}

TEST(curl_senders, send_many_at_a_time)
{
    receiver to(answer_of("200 OK"));
    receiver silent("");
    curl_sender sender(options());
    std::atomic<int> arrived = 0;
    std::promise<void> all;
    for (int i = 0; i < 20; ++i) {
        sender.send({silent.url(), secret, "1", "{}"}, [](send_outcome const&) {});
        sender.send({to.url(), secret, "2", "{}"}, [&](send_outcome const& out) {
            if (out.arrived && ++arrived == 20) all.set_value();
        });
    }
    EXPECT_EQ(all.get_future().wait_for(30s), std::future_status::ready);
}

TEST(curl_senders, tell_of_what_they_give_up_at_their_end)
{
    receiver silent("");
    std::atomic<int> told = 0;
    {
        curl_sender sender(options());
        for (int i = 0; i < 5; ++i) {
            sender.send({silent.url(), secret, "1", "{}"}, [&](send_outcome const& out) {
                if (!out.arrived && !out.tried) ++told;
            });
        }
    }
    EXPECT_EQ(told, 5);
}

}  // namespace
}  // namespace aircargo::test
