#include "support/printers.hpp"
#include <aircargo/async/completion.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

namespace asio = boost::asio;
using number_funnel = funnel<int, int>;

std::vector<result<int>> ten_times(std::span<int const> asked)
{
    std::vector<result<int>> out;
    for (int n : asked) out.emplace_back(10 * n);
    return out;
}

TEST(async_submit, calls_back_on_the_handler_s_executor)
{
    asio::io_context io;
    number_funnel f(ten_times);
    auto thread = std::thread::id();
    int answer = 0;
    async_submit(f, 4, asio::bind_executor(io, [&](result<int> const& a) {
                     thread = std::this_thread::get_id();
                     answer = *a;
                 }));

    io.run();  // returns only after the answer: the executor is kept busy until then

    EXPECT_EQ(answer, 40);
    EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(async_submit, does_not_call_back_from_within)
{
    asio::io_context io;
    std::latch open(1);
    number_funnel f(
        [&](auto asked) {
            open.wait();
            return ten_times(asked);
        },
        {.max_waiting = 0});
    bool called = false;
    async_submit(f, 4, asio::bind_executor(io, [&](result<int> const& a) {
                     called = true;
                     EXPECT_EQ(code_of(a), errc::overloaded);
                 }));
    EXPECT_FALSE(called) << "refused at once, but told later";
    open.count_down();
    io.run();
    EXPECT_TRUE(called);
}

TEST(async_submit, gives_a_future)
{
    number_funnel f(ten_times);
    auto future = async_submit(f, 4, asio::use_future);
    EXPECT_EQ(future.get().value(), 40);
}

TEST(async_submit, gives_a_future_of_a_refusal)
{
    number_funnel f([](auto) { return std::vector<result<int>>{refuse(errc::not_found, "gone")}; });
    EXPECT_EQ(async_submit(f, 4, asio::use_future).get().error(), refuse(errc::not_found, "gone"));
}

TEST(async_submit, takes_a_handler_that_can_only_be_moved)
{
    asio::io_context io;
    number_funnel f(ten_times);
    auto into = std::make_unique<int>(0);
    int* const seen = into.get();
    std::unique_ptr<int> kept;
    async_submit(
        f, 4,
        asio::bind_executor(io, [into = std::move(into), &kept](result<int> const& a) mutable {
            *into = *a;
            kept = std::move(into);
        }));
    io.run();
    EXPECT_EQ(*seen, 40);
}

TEST(async_submit, keeps_to_a_strand)
{
    asio::io_context io;
    auto strand = asio::make_strand(io);
    number_funnel f(ten_times, {.workers = 4});
    constexpr int requests = 1000;
    int answered = 0;  // safe without a lock on the strand alone
    for (int i = 0; i < requests; ++i) {
        async_submit(f, i, asio::bind_executor(strand, [&](result<int> const&) { ++answered; }));
    }
    std::thread other([&] { io.run(); });
    io.run();
    other.join();
    EXPECT_EQ(answered, requests);
}

TEST(async_submit, answers_when_the_funnel_goes_away)
{
    asio::io_context io;
    int answered = 0;
    {
        number_funnel f(ten_times);
        for (int i = 0; i < 100; ++i) {
            async_submit(f, i, asio::bind_executor(io, [&](result<int> const&) { ++answered; }));
        }
    }
    io.run();
    EXPECT_EQ(answered, 100);
}

}  // namespace
}  // namespace aircargo::test
