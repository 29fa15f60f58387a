#include "support/service_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using enum booking_act;

/// In which order a change goes through the ports, and what others can do in between.
class booking_steps : public ::testing::Test, protected recorded_services {
protected:
    static std::string lock_of(booking const& b) { return "lock:booking:" + b.terms.ref.str(); }
    static std::string hold_of(booking const& b) { return "hold:booking:" + b.terms.ref.str(); }

    /// Another instance, which does not mind the lease, gets in just before each `apply`: one act
    /// each time.
    void let_others_act(std::vector<booking_act> acts)
    {
        bookings.before_apply = [this, acts = std::move(acts), next = std::size_t{0}]() mutable {
            if (next == acts.size()) return;
            auto const present = memory_bookings->list({}).value().items.front();
            bool const at_a_transfer = acts[next] == arrive && !present.terms.legs.empty();
            auto const c = decided(present, command_of(acts[next], at_a_transfer ? "BOM" : ""));
            ++next;
            EXPECT_EQ(code_of(memory_bookings->apply({&c, 1}).front()), accepted);
        };
    }
};

TEST_F(booking_steps, are_lease_hold_read_apply_settle_release)
{
    auto const b = done(a_request());
    auto const ref = b.terms.ref.str();

    EXPECT_EQ(steps_of([&] { (void)run(ask(depart, b)); }),
              "lease lock:booking:" + ref + ", hold hold:booking:" + ref +
                  ", find 1, apply, settle hold:booking:" + ref + ", with booking:" + ref +
                  " 2, release lock:booking:" + ref);
}

TEST_F(booking_steps, of_a_new_booking_need_no_lease)
{
    (void)done(a_request());  // draws references
    EXPECT_EQ(steps_of([&] { (void)done(a_request()); }), "apply");
}

TEST_F(booking_steps, are_taken_once_for_a_whole_batch)
{
    std::vector<booking_request> batch;
    for (int i = 0; i < 100; ++i) batch.emplace_back(ask(depart, done(a_request())));
    auto const taken = steps_of([&] { (void)service.run(batch); });
    EXPECT_EQ(steps.count("find 100"), 1) << taken;
    EXPECT_EQ(steps.count("apply"), 1);
}

TEST_F(booking_steps, stop_at_a_lock_that_is_busy)
{
    auto const busy = done(a_request());
    auto const is_free = done(a_request());
    auto const held = memory_locks->acquire(std::vector{lock_of(busy)}, std::chrono::seconds(10));
    std::vector<result<booking>> answers;

    auto const taken = steps_of([&] {
        answers =
            service.run(std::vector<booking_request>{ask(depart, busy), ask(depart, is_free)});
    });

    EXPECT_EQ(code_of(answers[0]), errc::lock_busy);
    EXPECT_EQ(code_of(answers[1]), accepted);
    EXPECT_EQ(steps.count("release " + lock_of(busy)), 0) << taken;
    EXPECT_EQ(steps.count("find 1"), 1) << taken;
}

TEST_F(booking_steps, end_with_a_release_whatever_happens)
{
    auto const b = done(a_request());
    (void)run(ask(deliver, b));
    EXPECT_EQ(code_of(run(ask(depart, a_booking("ACB99999")))), errc::not_found);
    bookings.down = errc::backend_down;
    EXPECT_EQ(code_of(run(ask(depart, b))), errc::backend_down);
    bookings.down = std::nullopt;
    EXPECT_EQ(code_of(run(ask(depart, b))), accepted);
    EXPECT_EQ(code_of(run(ask(depart, a_booking("ACB99999")))), errc::not_found)
        << "no lease was left behind";
}

TEST_F(booking_steps, are_taken_again_after_a_lost_race)
{
    auto const b = done(a_request());
    let_others_act({depart});

    auto const cancelled = run(ask(cancel, b));

    EXPECT_EQ(cancelled->status, booking_status::cancelled);
    EXPECT_EQ(cancelled->revision, 3);
    EXPECT_EQ(steps.count("apply"), 3) << "to book, in vain, and with success: " << steps.str();
}

TEST_F(booking_steps, lead_to_a_refusal_when_the_race_settled_it)
{
    auto const b = done(a_request());
    let_others_act({cancel});
    EXPECT_EQ(code_of(run(ask(depart, b))), errc::illegal_transition);
}

TEST_F(booking_steps, are_given_up_when_every_race_is_lost)
{
    auto const b = done(a_request(flights->upsert(via_bombay()).value()));
    let_others_act(
        {depart, arrive, depart});  // the arrival is at BOM, where the booking is still DEPARTED

    EXPECT_EQ(run(ask(cancel, b)).error(), stale_revision(b.terms.ref));
    auto const present = memory_bookings->find({&b.terms.ref, 1}).front().value();
    EXPECT_EQ(present.status, booking_status::departed);
    EXPECT_EQ(present.revision, 4);
}

TEST_F(booking_steps, make_what_came_twice_once)
{
    idempotency_key const key{"mira POST", "k-1", "hash"};
    auto const answers =
        service.run(std::vector<booking_request>{keyed(a_request(), key), keyed(a_request(), key)});
    EXPECT_EQ(answers[1].value(), answers[0].value());
}

TEST_F(booking_steps, keep_the_cache_held_when_nobody_knows_the_outcome)
{
    auto const b = done(a_request());
    (void)find(b);
    (void)history(b);
    bookings.apply_says = errc::commit_unknown;  // it did happen

    EXPECT_EQ(code_of(run(ask(depart, b))), errc::commit_unknown);
    EXPECT_EQ(steps.count("settle " + hold_of(b)), 0);
    EXPECT_EQ(find(b)->status, booking_status::departed);
    EXPECT_EQ(history(b)->size(), 2U);
    EXPECT_EQ(steps_of([&] { (void)find(b); }).find("fill"), std::string::npos)
        << "the change may come yet";

    bookings.apply_says = std::nullopt;
    EXPECT_EQ(code_of(run(ask(arrive, b))), errc::lock_busy);
    time.pass(options.lease_ttl);
    EXPECT_EQ(code_of(run(ask(arrive, b))), accepted);
}

TEST_F(booking_steps, settle_before_anyone_else_gets_the_lease)
{
    auto const b = done(a_request());
    (void)find(b);
    (void)run(ask(depart, b));
    EXPECT_EQ(find(b)->status, booking_status::departed);
}

TEST_F(booking_steps, settle_what_was_refused_too)
{
    auto const b = done(a_request());
    auto const taken = steps_of([&] { (void)run(ask(deliver, b)); });
    EXPECT_EQ(taken, "lease " + lock_of(b) + ", hold " + hold_of(b) + ", find 1, settle " +
                         hold_of(b) + ", release " + lock_of(b));
}

TEST_F(booking_steps, stop_at_a_hold_that_is_busy)
{
    auto const b = done(a_request());
    auto const held =
        memory_cache_->hold(std::vector<cache_hold>{{hold_of(b), {}}}, std::chrono::seconds(10));
    EXPECT_EQ(code_of(run(ask(depart, b))), errc::lock_busy);
    EXPECT_EQ(code_of(memory_locks->acquire(std::vector{lock_of(b)}, std::chrono::seconds(1))[0]),
              accepted)
        << "the lease was given back";
}

TEST_F(booking_steps, make_no_change_once_the_lease_has_run_out)
{
    auto const b = done(a_request());
    bookings.after_find = [&] { time.pass(options.lease_ttl); };
    auto const taken = steps_of([&] { EXPECT_EQ(code_of(run(ask(depart, b))), errc::lock_busy); });
    EXPECT_EQ(taken.find("apply"), std::string::npos) << taken;
}

TEST_F(booking_steps, refuse_nothing_because_of_a_state_that_others_may_not_see)
{
    auto const b = done(a_request());
    bookings.after_find = [&] { time.pass(options.lease_ttl); };
    EXPECT_EQ(code_of(run(ask(deliver, b))), errc::lock_busy) << "not illegal_transition";
}

/// Others read the old state and cache it after the lease has run out and before the commit.
TEST_F(booking_steps, tell_the_cache_of_a_commit_that_came_too_late)
{
    auto const b = done(a_request());
    bookings.before_apply = [&] {
        time.pass(options.lease_ttl);
        (void)find(b);
        (void)history(b);
    };
    EXPECT_EQ(code_of(run(ask(depart, b))), accepted);
    bookings.before_apply = nullptr;
    EXPECT_EQ(find(b)->status, booking_status::departed);
    EXPECT_EQ(history(b)->size(), 2U);
}

TEST_F(booking_steps, do_not_acknowledge_a_late_commit_that_the_cache_does_not_hear_of)
{
    auto const b = done(a_request());
    bookings.before_apply = [&] {
        time.pass(options.lease_ttl);
        cache.deaf = true;
    };
    EXPECT_EQ(code_of(run(ask(depart, b))), errc::commit_unknown);
}

TEST_F(booking_steps, acknowledge_no_commit_whose_settling_the_cache_did_not_hear)
{
    auto const b = done(a_request());
    (void)find(b);
    bookings.before_apply = [&] { cache.deaf = true; };
    // The cache's clock may have been set meanwhile: whether the hold stood, it alone could say.
    EXPECT_EQ(code_of(run(ask(depart, b))), errc::commit_unknown);
}

TEST_F(booking_steps, refuse_nothing_for_a_reason_that_others_may_not_see_yet)
{
    auto const b = done(a_request());
    bookings.after_find = [&] { cache.deaf = true; };
    EXPECT_EQ(code_of(run(ask(deliver, b))), errc::lock_busy);
}

TEST_F(booking_steps, tell_the_cache_before_an_answer_is_repeated)
{
    auto const b = done(a_request());
    auto const departure = keyed(ask(depart, b), {"mira depart", "k-1", "hash"});
    (void)run(departure);
    auto const ref = b.terms.ref.str();
    EXPECT_EQ(steps_of([&] { (void)run(departure); }),
              "answers, tell booking:" + ref + " 2, tell booking_history:" + ref + " 2");
    cache.deaf = true;
    EXPECT_EQ(code_of(run(departure)), errc::commit_unknown);
}

TEST_F(booking_steps, repeat_the_answer_to_a_creation_whoever_hears_it)
{
    auto const creation = keyed(a_request(), {"mira POST", "k-1", "hash"});
    auto const b = done(creation);
    cache.deaf = true;
    EXPECT_EQ(run(creation), b) << "nothing older can be cached";
}

TEST_F(booking_steps, end_where_the_locks_can_not_be_reached)
{
    auto const b = done(a_request());
    locks.down = true;
    auto const taken =
        steps_of([&] { EXPECT_EQ(code_of(run(ask(depart, b))), errc::lock_unavailable); });
    EXPECT_EQ(taken, "lease " + lock_of(b));
}

TEST_F(booking_steps, go_on_without_locks_when_told_to)
{
    auto const none = make_cache<no_cache>();
    options.on_lock_unavailable = lock_unavailable_policy::proceed;
    booking_service proceeding(bookings, *flights, *none, locks, time.wall(), options);
    auto const b = done(a_request());
    locks.down = true;
    EXPECT_EQ(run_one(proceeding, ask(depart, b))->status, booking_status::departed);
    EXPECT_EQ(code_of(run_one(proceeding, ask(deliver, b))), errc::illegal_transition);
}

TEST_F(booking_steps, see_a_twin_that_came_through_between_look_up_and_lease)
{
    auto const b = done(a_request());
    auto const departure = keyed(ask(depart, b), {"mira depart", "k-1", "hash"});
    result<booking> twin = refuse(errc::not_found, "not run");
    locks.before_acquire = [&] { twin = run_one(elsewhere, departure); };

    EXPECT_EQ(run(departure), twin) << "the same request gets the same answer";
}

TEST_F(booking_steps, end_at_the_store_that_is_down)
{
    bookings.down = errc::backend_down;
    EXPECT_EQ(code_of(run(a_request())), errc::backend_down);
    EXPECT_EQ(code_of(run(ask(depart, a_booking("ACB10001")))), errc::backend_down);
    EXPECT_EQ(code_of(run(keyed(a_request(), {"s", "k", "h"}))), errc::backend_down);
}

}  // namespace
}  // namespace aircargo::test
