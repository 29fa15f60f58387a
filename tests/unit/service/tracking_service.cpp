#include "support/cache_words.hpp"
#include "support/service_words.hpp"
#include <gtest/gtest.h>
#include <vector>

namespace aircargo::test {
namespace {

using enum booking_act;

class tracking_services : public ::testing::Test, protected recorded_services {
protected:
    /// A booking that is in the store and not in the cache.
    booking stored(std::string_view ref, std::vector<flight> const& on_flights = {})
    {
        return memory_bookings->apply(std::vector{creation_of(a_booking(ref, on_flights))})
            .front()
            .value();
    }
};

TEST_F(tracking_services, read_the_store_once)
{
    auto const b = stored("ACB10001");
    EXPECT_EQ(find(b).value(), b);
    EXPECT_EQ(find(b).value(), b);
    EXPECT_EQ(steps.count("find 1"), 1);
}

TEST_F(tracking_services, read_histories_once)
{
    auto const b = stored("ACB10001");
    EXPECT_EQ(history(b).value(), std::vector{creation_of(b).fact});
    EXPECT_EQ(history(b).value(), std::vector{creation_of(b).fact});
    EXPECT_EQ(steps.count("history 1"), 1);
}

TEST_F(tracking_services, ask_the_store_for_what_is_missing_only)
{
    auto const one = stored("ACB10001");
    auto const two = stored("ACB10002");
    auto const three = stored("ACB10003");
    (void)find(two);
    std::vector const refs{three.terms.ref, two.terms.ref, a_ref("ACB99999"), one.terms.ref};

    std::vector<result<booking>> found;
    auto const taken = steps_of([&] { found = tracking.find(refs); });

    EXPECT_EQ(taken, "find 3, fill booking:ACB10003 1, fill booking:ACB10001 1");
    EXPECT_EQ(found[0].value(), three);
    EXPECT_EQ(found[1].value(), two);
    EXPECT_EQ(found[2].error(), booking_not_found(a_ref("ACB99999")));
    EXPECT_EQ(found[3].value(), one);
}

TEST_F(tracking_services, find_a_booking_as_soon_as_it_is_made)
{
    auto const nobody = a_booking("ACB10001");
    EXPECT_EQ(code_of(find(nobody)), errc::not_found);
    EXPECT_EQ(find(stored("ACB10001")).value(), nobody) << "that it was not there is not kept";
}

TEST_F(tracking_services, see_every_change_at_once)
{
    auto const b = done(a_request());
    for (auto act : {depart, arrive, deliver}) {
        (void)find(b);
        (void)history(b);
        auto const now = done(ask(act, b));
        EXPECT_EQ(find(b).value(), now);
        EXPECT_EQ(history(b)->back().status, now.status);
    }
}

TEST_F(tracking_services, need_no_read_for_a_booking_that_was_just_changed)
{
    auto const b = done(ask(depart, done(a_request())));
    EXPECT_EQ(steps_of([&] { (void)find(b); }), "");
}

TEST_F(tracking_services, read_a_booking_that_is_asked_for_twice_once)
{
    auto const one = stored("ACB10001");
    auto const two = stored("ACB10002");
    std::vector const refs{one.terms.ref, two.terms.ref, one.terms.ref};
    std::vector<result<booking>> found;
    auto const taken = steps_of([&] { found = tracking.find(refs); });
    EXPECT_EQ(taken, "find 2, fill booking:ACB10001 1, fill booking:ACB10002 1");
    EXPECT_EQ(found[0].value(), one);
    EXPECT_EQ(found[1].value(), two);
    EXPECT_EQ(found[2].value(), one);
}

TEST_F(tracking_services, tell_the_cache_of_what_they_may_not_fill)
{
    auto const b = stored("ACB10001");
    std::vector<cache_key> const key{{"booking:ACB10001", "hold:booking:ACB10001"}};
    EXPECT_NE(memory_cache_->get(key).front().token, 0U) << "somebody else fills";
    EXPECT_EQ(steps_of([&] { EXPECT_EQ(find(b).value(), b); }), "find 1, tell booking:ACB10001 1");
}

TEST_F(tracking_services, have_at_once_what_was_read_before_and_is_not_being_changed)
{
    auto const b = stored("ACB10001");
    auto const& ref = b.terms.ref;
    EXPECT_EQ(tracking.find_at_once(ref), std::nullopt);
    EXPECT_EQ(tracking.history_at_once(ref), std::nullopt);

    (void)find(b);
    (void)history(b);
    EXPECT_EQ(tracking.find_at_once(ref).value().value(), b);
    EXPECT_EQ(tracking.history_at_once(ref), std::vector{creation_of(b).fact});

    cache.before_hold = [&] { EXPECT_EQ(tracking.find_at_once(ref).value().value(), b); };
    bookings.before_apply = [&] {
        EXPECT_EQ(tracking.find_at_once(ref), std::nullopt);
        EXPECT_EQ(tracking.history_at_once(ref), std::nullopt);
    };
    auto const departed = done(act_request{.ref = ref, .act = depart});
    EXPECT_EQ(tracking.find_at_once(ref).value().value(), departed);
}

TEST_F(tracking_services, know_bookings_apart_by_the_bytes_that_are_kept)
{
    auto const b = stored("ACB10001");
    (void)find(b);
    auto const before = tracking.find_at_once(b.terms.ref).value();
    EXPECT_EQ(tracking.find_at_once(b.terms.ref), before);
    (void)done(act_request{.ref = b.terms.ref, .act = depart});
    EXPECT_NE(tracking.find_at_once(b.terms.ref), before);
    EXPECT_EQ(kept_booking{"nothing of ours"}.value(), std::nullopt);
}

TEST_F(tracking_services, count_what_they_find_in_the_cache)
{
    auto const b = stored("ACB10001");
    (void)find(b);
    (void)find(b);
    (void)find(b);
    (void)history(b);
    EXPECT_EQ(tracking.counts().hits, 2U);
    EXPECT_EQ(tracking.counts().misses, 2U);
}

TEST_F(tracking_services, never_bring_an_old_state_back)
{
    auto const b = stored("ACB10001");
    booking changed = b;
    bookings.after_find = [&] { changed = run_one(elsewhere, ask(depart, b)).value(); };
    EXPECT_EQ(find(b).value(), b) << "read before the change";

    bookings.after_find = nullptr;
    EXPECT_EQ(find(b).value(), changed);
    EXPECT_EQ(find(b).value(), changed);
}

TEST_F(tracking_services, never_bring_an_old_history_back)
{
    auto const b = stored("ACB10001");
    bookings.after_find = [&] { (void)run_one(elsewhere, ask(depart, b)); };
    EXPECT_EQ(history(b)->size(), 1U);

    bookings.after_find = nullptr;
    EXPECT_EQ(history(b)->size(), 2U);
    EXPECT_EQ(history(b)->size(), 2U);
}

/// Of a change whose writer lost its hold and has not told of it yet.
TEST_F(tracking_services, show_nothing_older_than_they_showed_in_another_way)
{
    for (bool const history_first : {true, false}) {
        auto const b = done(a_request());
        history_first ? (void)find(b) : (void)history(b);
        (void)memory_bookings->apply(std::vector{decided(b, command_of(depart))});
        if (history_first) {
            EXPECT_EQ(history(b)->size(), 2U);
        } else {
            EXPECT_EQ(find(b)->revision, 2);
        }
        EXPECT_EQ(find(b)->revision, 2);
        EXPECT_EQ(history(b)->size(), 2U);
    }
}

TEST_F(tracking_services, keep_every_field_in_the_cache)
{
    auto const planned = flights->upsert(via_bombay()).value();
    auto b = done(a_request(planned));
    auto r = ask(depart, b, "MAA");
    r.off_plan = true;
    r.note = {"Öl, 易碎, 😀 \"quoted\"", "मीरा", "req-ÿ"};
    (void)done(r);
    (void)done(ask(arrive, b, "BOM"));

    EXPECT_EQ(find(b).value(), memory_bookings->find({&b.terms.ref, 1}).front().value());
    (void)history(b);
    auto const from_cache = steps_of([&] {
        EXPECT_EQ(history(b).value(), memory_bookings->history({&b.terms.ref, 1}).front().value());
    });
    EXPECT_EQ(from_cache, "");
}

TEST_F(tracking_services, read_past_an_entry_that_they_do_not_understand)
{
    auto const b = stored("ACB10001");
    for (auto const& damaged : {std::string(), std::string("not ours"), std::string("\x81\x01", 2),
                                std::string(1000, '\x9b'), std::string("\x82\x01\x80", 3)}) {
        cache_words words;
        words.use(*memory_cache_);
        auto const held =
            words.hold_all({{"hold:booking:ACB10001", {"booking:ACB10001"}}}).front().value();
        std::vector<cache_entry> const entries{
            {{"booking:ACB10001", held.name}, damaged, 9},
            {{"booking_history:ACB10001", held.name}, damaged, 9}};
        (void)memory_cache_->settle(std::vector<cache_settlement>{{held, entries}});
        EXPECT_EQ(find(b).value(), b);
        EXPECT_EQ(history(b)->size(), 1U);
    }
}

TEST_F(tracking_services, answer_from_the_cache_while_the_store_is_down)
{
    auto const known = stored("ACB10001");
    auto const unknown = stored("ACB10002");
    (void)find(known);
    bookings.down = errc::backend_down;

    EXPECT_EQ(find(known).value(), known);
    EXPECT_EQ(code_of(find(unknown)), errc::backend_down);
    EXPECT_EQ(code_of(history(known)), errc::backend_down);
    EXPECT_EQ(code_of(tracking.list({})), errc::backend_down);
    bookings.down = std::nullopt;
    EXPECT_EQ(find(unknown).value(), unknown) << "a failure is not kept";
}

TEST_F(tracking_services, list_from_the_store)
{
    auto const b = stored("ACB10001");
    EXPECT_EQ(tracking.list({}).value().items, std::vector{b});
    (void)run_one(elsewhere, ask(depart, b));
    EXPECT_EQ(tracking.list({}).value().items.front().status, booking_status::departed);
    EXPECT_EQ(code_of(tracking.list({.page_size = 0})), errc::invalid_request);
}

TEST_F(tracking_services, take_empty_batches)
{
    EXPECT_TRUE(tracking.find({}).empty());
    EXPECT_TRUE(tracking.history({}).empty());
}

TEST_F(tracking_services, work_without_a_cache)
{
    auto const none = make_cache<no_cache>();
    tracking_service plain(bookings, *none);
    auto const b = stored("ACB10001");
    EXPECT_EQ(plain.find({&b.terms.ref, 1}).front().value(), b);
    EXPECT_EQ(plain.history({&b.terms.ref, 1}).front()->size(), 1U);
}

}  // namespace
}  // namespace aircargo::test
