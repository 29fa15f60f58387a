#include "support/service_words.hpp"
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using enum booking_act;

class booking_services : public ::testing::Test, protected recorded_services {
protected:
    std::vector<flight> given_flights() { return flights->upsert(via_bombay()).value(); }
};

TEST_F(booking_services, book)
{
    auto r = a_request();
    r.note = {"handle with care", "mira", "req-1"};
    auto const b = done(r);

    EXPECT_EQ(b.status, booking_status::booked);
    EXPECT_EQ(b.revision, 1);
    EXPECT_EQ(b.created_at, time.wall_time());
    EXPECT_EQ(history(b)->front().notes, "handle with care");
    EXPECT_EQ(history(b)->front().actor, "mira");
    EXPECT_EQ(history(b)->front().request_id, "req-1");
}

TEST_F(booking_services, give_every_booking_a_reference_of_its_own)
{
    std::set<booking_ref> refs;
    for (int i = 0; i < 3; ++i) {
        for (auto const& answer : service.run(std::vector<booking_request>(1500, a_request())))
            refs.insert(answer->terms.ref);
    }
    EXPECT_EQ(refs.size(), 4500U);
}

TEST_F(booking_services, take_the_itinerary_from_the_schedule)
{
    auto const planned = given_flights();
    EXPECT_EQ(done(a_request(planned)).terms.legs,
              (std::vector{leg_of(planned[0]), leg_of(planned[1])}));
}

TEST_F(booking_services, refuse_terms_that_do_not_hold)
{
    auto const planned = given_flights();
    auto wrong_way = a_request(planned);
    wrong_way.destination = airport("MAA");
    auto too_many = a_request();
    too_many.pieces = 0;

    EXPECT_EQ(code_of(run(wrong_way)), errc::invalid_request);
    EXPECT_EQ(code_of(run(too_many)), errc::invalid_request);
    EXPECT_EQ(memory_bookings->list({}).value().total, 0U);
}

TEST_F(booking_services, refuse_flights_that_do_not_exist)
{
    auto r = a_request();
    r.flights = {flight_id(4711)};
    EXPECT_EQ(run(r).error(), refuse(errc::invalid_request, "there is no flight 4711"));

    auto departure = ask(depart, done(a_request()));
    departure.flight = flight_id(4711);
    EXPECT_EQ(run(departure).error(), refuse(errc::invalid_request, "there is no flight 4711"));
}

TEST_F(booking_services, carry_a_booking_to_its_end)
{
    auto const b = done(a_request(given_flights()));
    for (auto const& [act, place] :
         {std::pair(depart, ""), {arrive, "BOM"}, {depart, ""}, {arrive, ""}, {deliver, ""}}) {
        time.pass(1h);
        ASSERT_EQ(code_of(run(ask(act, b, place))), accepted);
    }
    EXPECT_EQ(find(b)->status, booking_status::delivered);
    EXPECT_EQ(find(b)->updated_at, b.created_at + 5h);
    EXPECT_EQ(history(b)->size(), 6U);
}

TEST_F(booking_services, refuse_what_the_lifecycle_refuses)
{
    auto const b = done(a_request());
    EXPECT_EQ(code_of(run(ask(deliver, b))), errc::illegal_transition);
    EXPECT_EQ(code_of(run(ask(depart, b, "MAA"))), errc::off_plan);
    EXPECT_EQ(code_of(run(ask(depart, a_booking("ACB99999")))), errc::not_found);
    EXPECT_EQ(find(b).value(), b);
}

TEST_F(booking_services, record_what_is_off_plan_when_told)
{
    auto r = ask(depart, done(a_request()), "MAA");
    r.off_plan = true;
    EXPECT_TRUE(run(r)->misrouted);
}

TEST_F(booking_services, act_only_while_the_named_revision_stands)
{
    auto const b = done(a_request());
    auto r = ask(depart, b);
    r.if_revision = 2;
    EXPECT_EQ(run(r).error(),
              refuse(errc::precondition_failed, b.terms.ref.str() + " is at revision 1, not 2"));
    r.if_revision = 1;
    EXPECT_EQ(code_of(run(r)), accepted);
    EXPECT_EQ(code_of(run(r)), errc::precondition_failed);
}

TEST_F(booking_services, know_a_planned_flight_as_it_was_planned)
{
    auto const planned = given_flights();
    auto const b = done(a_request(planned));
    auto retimed = planned;
    retimed[0].arrival += 10min;
    (void)flights->upsert(retimed);

    auto r = ask(depart, b);
    r.flight = planned[0].id;

    EXPECT_EQ(code_of(run(r)), accepted);
    EXPECT_FALSE(find(b)->misrouted);
}

TEST_F(booking_services, answer_in_the_order_of_the_requests)
{
    auto const one = done(a_request());
    auto const two = done(a_request());
    auto unsound = a_request();
    unsound.pieces = -1;

    auto const answers = service.run(std::vector<booking_request>{
        ask(depart, two), unsound, ask(deliver, one), a_request(), ask(cancel, one)});

    ASSERT_EQ(answers.size(), 5U);
    EXPECT_EQ(answers[0]->terms.ref, two.terms.ref);
    EXPECT_EQ(code_of(answers[1]), errc::invalid_request);
    EXPECT_EQ(code_of(answers[2]), errc::illegal_transition);
    EXPECT_EQ(answers[3]->status, booking_status::booked);
    EXPECT_EQ(code_of(answers[4]), errc::lock_busy) << "its second entry in this batch";
    EXPECT_TRUE(service.run({}).empty());
}

TEST_F(booking_services, answer_a_repeated_request_with_the_first_answer)
{
    idempotency_key const key{"mira POST", "k-1", "hash"};
    auto const first = done(keyed(a_request(), key));
    EXPECT_EQ(run(keyed(a_request(), key)).value(), first);
    EXPECT_EQ(memory_bookings->list({}).value().total, 1U);
    EXPECT_EQ(code_of(run(keyed(a_request(), {"mira POST", "k-1", "another hash"}))),
              errc::idempotency_mismatch);
}

TEST_F(booking_services, answer_a_repeated_act_with_the_first_answer_after_more_has_happened)
{
    auto const b = done(a_request());
    auto const departure = keyed(ask(depart, b), {"mira depart", "k-1", "hash"});
    auto const first = done(departure);
    auto const last = done(ask(arrive, b));

    EXPECT_EQ(run(departure).value(), first);
    EXPECT_EQ(find(b).value(), last) << "the old answer must not get into the cache";
}

TEST_F(booking_services, do_once_what_comes_twice_in_a_batch)
{
    idempotency_key const key{"mira POST", "k-1", "hash"};
    auto const answers =
        service.run(std::vector<booking_request>{keyed(a_request(), key), keyed(a_request(), key)});
    EXPECT_EQ(answers[0].value(), answers[1].value());
    EXPECT_EQ(memory_bookings->list({}).value().total, 1U);
}

TEST_F(booking_services, do_not_keep_the_key_of_a_refused_request)
{
    auto const b = done(a_request());
    idempotency_key const key{"mira deliver", "k-1", "hash"};
    EXPECT_EQ(code_of(run(keyed(ask(deliver, b), key))), errc::illegal_transition);
    (void)done(ask(depart, b));
    (void)done(ask(arrive, b));
    EXPECT_EQ(code_of(run(keyed(ask(deliver, b), key))), accepted);
}

}  // namespace
}  // namespace aircargo::test
