#include "support/service_words.hpp"
#include "support/store_words.hpp"
#include <aircargo/service/verify.hpp>
#include <gtest/gtest.h>
#include <array>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

using enum booking_act;
using enum booking_status;

/// The services on one backend's stores.
template <class Backend>
class booking_service_contract : public store_test<Backend> {
protected:
    virtual_clock time;
    std::unique_ptr<any_cache> const cache = make_cache<memory_cache>();
    std::unique_ptr<any_lock_manager> const locks = make_lock_manager<memory_lock_manager>();
    booking_service service{this->store, *this->backend.flights, *cache, *locks, time.wall()};
    tracking_service tracking{this->store, *cache};

    /// A booking after these acts, each of which must be accepted.
    booking made(std::vector<act_request> acts, std::vector<flight> const& flights = {})
    {
        auto b = run_one(service, a_request(flights)).value();
        for (auto& act : acts) {
            act.ref = b.terms.ref;
            b = run_one(service, act).value();
        }
        return b;
    }
    static act_request doing(booking_act act, std::string_view location = {})
    {
        return ask(act, a_booking("ACB10001"), location);
    }

    booking seen(booking const& b) { return tracking.find({&b.terms.ref, 1}).front().value(); }
    std::vector<event> told(booking const& b)
    {
        return tracking.history({&b.terms.ref, 1}).front().value();
    }
    void expect_sound() { EXPECT_TRUE(verify(this->store).value().differences.empty()); }
};
TYPED_TEST_SUITE(booking_service_contract, store_backends, backend_names);

TYPED_TEST(booking_service_contract, answers_every_status_and_act_as_the_table_says)
{
    auto const doing = [](booking_act act) { return TestFixture::doing(act); };
    struct row {
        std::vector<act_request> life;
        std::array<std::optional<booking_status>, 4>
            after;  // depart, arrive, deliver, cancel; nothing: refused
    };
    constexpr auto refused = std::nullopt;
    // clang-format off
    std::vector<row> const table{
        {{},                                             {departed, refused, refused,   cancelled}},
        {{doing(depart)},                                {refused,  arrived, refused,   cancelled}},
        {{doing(depart), doing(arrive)},                 {refused,  refused, delivered, refused}},
        {{doing(depart), doing(arrive), doing(deliver)}, {refused,  refused, refused,   refused}},
        {{doing(cancel)},                                {refused,  refused, refused,   refused}},
        {{doing(depart), doing(cancel)},                 {refused,  refused, refused,   refused}},
    };
    // clang-format on
    for (auto const& flights : {std::vector<flight>(), this->given(via_bombay())}) {
        for (auto const& [life, after] : table) {
            for (std::size_t i = 0; i < all_booking_acts.size(); ++i) {
                auto const b = this->made(life, flights);
                SCOPED_TRACE(std::string(name_of(b.status)) + ", " +
                             std::string(name_of(all_booking_acts[i])));
                auto const answer = run_one(this->service, ask(all_booking_acts[i], b));
                if (after[i]) {
                    ASSERT_EQ(code_of(answer), accepted);
                    EXPECT_EQ(answer->status, *after[i]);
                    EXPECT_EQ(answer->revision, b.revision + 1);
                    EXPECT_EQ(this->seen(b), *answer);
                    EXPECT_EQ(this->told(b).back().status, *after[i]);
                } else {
                    EXPECT_EQ(code_of(answer), errc::illegal_transition);
                    EXPECT_EQ(this->seen(b), b);
                    EXPECT_EQ(this->told(b).size(), static_cast<std::size_t>(b.revision));
                }
            }
        }
    }
    this->expect_sound();
}

TYPED_TEST(booking_service_contract, carries_a_booking_over_two_flights)
{
    auto const flights = this->given(via_bombay());
    auto const b = this->made({this->doing(depart), this->doing(arrive, "BOM"), this->doing(depart),
                               this->doing(arrive), this->doing(deliver)},
                              flights);

    EXPECT_EQ(b.status, delivered);
    std::string story;
    for (auto const& e : this->told(b)) {
        story += std::string(name_of(e.type)) + ' ' + std::string(e.location->str()) +
                 (e.flight ? ' ' + std::string(e.flight->number.str()) : "") + ' ' +
                 std::string(name_of(e.status)) + '\n';
    }
    EXPECT_EQ(story,
              "BOOKED DEL BOOKED\n"
              "DEPARTED DEL AI101 DEPARTED\n"
              "ARRIVED BOM AI101 DEPARTED\n"
              "DEPARTED BOM AI204 DEPARTED\n"
              "ARRIVED BLR AI204 ARRIVED\n"
              "DELIVERED BLR DELIVERED\n");
    this->expect_sound();
}

TYPED_TEST(booking_service_contract, carries_a_booking_over_two_flights_in_the_short_form)
{
    auto const b = this->made({this->doing(depart), this->doing(arrive), this->doing(deliver)},
                              this->given(via_bombay()));
    EXPECT_EQ(b.status, delivered);
    EXPECT_FALSE(b.misrouted);
    this->expect_sound();
}

TYPED_TEST(booking_service_contract, marks_cargo_that_went_elsewhere)
{
    auto const elsewhere = this->given({a_flight("QR571 DEL 2025-12-02T04:00 DOH 08:20")}).front();
    auto wrong = this->doing(depart);
    wrong.flight = elsewhere.id;
    auto const b = this->made({}, this->given(via_bombay()));
    wrong.ref = b.terms.ref;

    EXPECT_EQ(code_of(run_one(this->service, wrong)), errc::off_plan);
    wrong.off_plan = true;
    EXPECT_TRUE(run_one(this->service, wrong)->misrouted);
    EXPECT_TRUE(this->seen(b).misrouted);
    this->expect_sound();
}

TYPED_TEST(booking_service_contract, works_off_a_large_batch)
{
    std::vector<booking_request> const creations(500, a_request());
    std::vector<booking_request> departures;
    for (auto const& b : this->service.run(creations))
        departures.emplace_back(ask(depart, b.value()));
    for (auto const& b : this->service.run(departures)) EXPECT_EQ(b->status, departed);
    this->expect_sound();
}

TYPED_TEST(booking_service_contract, makes_legal_histories_only_of_what_many_threads_want)
{
    std::vector<booking> bookings;
    for (auto const& b : this->service.run(std::vector<booking_request>(10, a_request())))
        bookings.push_back(*b);
    std::latch start(8);
    std::vector<std::thread> threads;
    std::atomic<int> acknowledged = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            for (int round = 0; round < 4; ++round) {
                std::vector<booking_request> batch;
                for (auto const& b : bookings)
                    batch.emplace_back(
                        ask(all_booking_acts[static_cast<std::size_t>((i + round) % 4)], b));
                for (auto const& answer : this->service.run(batch)) {
                    if (answer) ++acknowledged;
                }
            }
        });
    }
    for (auto& t : threads) t.join();

    std::size_t events = 0;
    for (auto const& b : bookings) events += this->told(b).size() - 1;
    EXPECT_EQ(events, static_cast<std::size_t>(acknowledged))
        << "each acknowledged act happened once, no other did";
    for (auto const& b : bookings)
        EXPECT_EQ(this->seen(b), this->now(b)) << "the cache is not behind";
    this->expect_sound();
}

}  // namespace
}  // namespace aircargo::test
