#include "figures_desk.hpp"
#include "support/builders.hpp"
#include "support/recording.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;
using namespace aircargo::test;

class figures_desk_test : public ::testing::Test {
protected:
    std::unique_ptr<any_booking_store> memory = make_booking_store<memory_booking_store>();
    journal steps;
    recording_bookings store{*memory, steps};
    std::atomic<std::int64_t> passed = 0;  // seconds
    figures_desk desk{
        store, [this] { return noon + std::chrono::seconds(passed); },
        [this] { return std::chrono::steady_clock::time_point() + std::chrono::seconds(passed); }};
    day_span const november{day("2025-11-01"), day("2025-11-30")};
    day_span const december{day("2025-12-01"), day("2025-12-31")};

    void given(char const* ref, utc_time created = noon)
    {
        auto const made = creation_of(a_booking(ref, {}, created));
        (void)memory->apply({&made, 1}).at(0).value();
    }
    int asked_of_the_store() const { return steps.count("figures"); }
    std::uint64_t bookings(day_span const& days)
    {
        auto const answer = desk.asks.call(days).value();
        return answer->figures.by_status[0];
    }
};

TEST_F(figures_desk_test, remembers_for_a_while)
{
    given("ACB20001");
    EXPECT_EQ(desk.remembered(december), nullptr);
    EXPECT_EQ(bookings(december), 1U);
    given("ACB20002");
    passed = figures_desk::remembered_for.count() - 1;
    EXPECT_EQ(bookings(december), 1U);
    EXPECT_EQ(desk.remembered(december)->as_of, noon);
    EXPECT_EQ(asked_of_the_store(), 1);

    passed = figures_desk::remembered_for.count();
    EXPECT_EQ(desk.remembered(december), nullptr);
    EXPECT_EQ(bookings(december), 2U);
    EXPECT_EQ(desk.remembered(december)->as_of, noon + figures_desk::remembered_for);
    EXPECT_EQ(asked_of_the_store(), 2);
}

TEST_F(figures_desk_test, says_of_a_mistake_not_that_a_change_may_have_been_made)
{
    figures_desk broken(
        store, []() -> utc_time { throw std::runtime_error("a mistake"); },
        [] { return std::chrono::steady_clock::time_point(); });
    EXPECT_EQ(broken.asks.call(december).error(), refuse(errc::internal_error, "a mistake"));
}

TEST_F(figures_desk_test, counts_both_days)
{
    given("ACB20001", at("2025-10-31T23:59:59"));
    given("ACB20002", at("2025-11-01T00:00"));
    given("ACB20003", at("2025-11-30T23:59:59"));
    given("ACB20004", at("2025-12-01T00:00"));
    EXPECT_EQ(bookings(november), 2U);
    EXPECT_EQ(bookings(december), 1U);
    EXPECT_EQ(bookings({november.first, december.last}), 3U);
    EXPECT_EQ(asked_of_the_store(), 3) << "each span is a question of its own";
}

TEST_F(figures_desk_test, does_not_remember_failures)
{
    store.down = errc::backend_down;
    EXPECT_EQ(code_of(desk.asks.call(december)), errc::backend_down);
    store.down.reset();
    EXPECT_EQ(bookings(december), 0U);
}

TEST_F(figures_desk_test, works_out_once_what_many_ask_for)
{
    std::vector<std::future<result<figures_answer>>> answers;
    for (int i = 0; i < 16; ++i) {
        auto promise = std::make_shared<std::promise<result<figures_answer>>>();
        answers.push_back(promise->get_future());
        desk.asks.submit(december,
                         [promise](auto answer) { promise->set_value(std::move(answer)); });
    }
    for (auto& answer : answers) EXPECT_EQ(code_of(answer.get()), accepted);
    EXPECT_EQ(asked_of_the_store(), 1);
}

TEST_F(figures_desk_test, forgets_the_oldest_of_very_many)
{
    auto const span = [&](int n) {
        return day_span{november.first,
                        date(std::chrono::sys_days(november.first) + std::chrono::days(n))};
    };
    for (int n = 0; n < 200; ++n) {
        passed = n / 20;
        (void)bookings(span(n));
    }
    int known = 0;
    for (int n = 0; n < 200; ++n) known += desk.remembered(span(n)) ? 1 : 0;
    EXPECT_EQ(known, 64);
    EXPECT_NE(desk.remembered(span(199)), nullptr);
}

}  // namespace
}  // namespace aircargo::server
