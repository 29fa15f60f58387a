#include "support/postgres_faults.hpp"
#include "support/seed.hpp"
#include "support/service_words.hpp"
#include <gtest/gtest.h>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;
using answers_of_batch = std::vector<result<booking>>;

idempotency_key key(std::string const& name, std::string const& fingerprint = "hash")
{
    return {"scope", name, fingerprint};
}

/// A store behind the proxy, and one in memory that is told the same: whatever becomes of the
/// connections, both answer and keep the same.
class postgres_cut : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet();
        store = make_booking_store<postgres_booking_store>(database);
        flights = postgres_flight_store(database).upsert(via_bombay()).value();
        cuts.only_count();
    }

    /// Both stores do this, undisturbed.
    booking made(booking const& b, std::vector<change> const& changes = {})
    {
        auto batch = changes;
        batch.insert(batch.begin(), creation_of(b));
        EXPECT_EQ(store->apply(batch), model->apply(batch));
        cuts.only_count();
        return find_one(*model, b.terms.ref).value();
    }
    void expect_same_answers(std::vector<change> const& batch)
    {
        auto expected = model->apply(batch);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            // A refused request whose twin came through, even later in the batch, gets its answer.
            if (!batch[i].key || !expected[i].has_error()) continue;
            auto const known = answer_to(*model, *batch[i].key);
            if (known.has_error()) expected[i] = known.error();
            if (known.has_value() && *known) expected[i] = **known;
        }
        EXPECT_EQ(store->apply(batch), expected);
    }
    /// Each change is there once: the log and the row are what the model has.
    void expect_same_bookings(std::vector<change> const& batch)
    {
        std::vector<booking_ref> refs;
        for (auto const& c : batch) refs.push_back(c.after.terms.ref);
        cuts.only_count();
        EXPECT_EQ(store->find(refs), model->find(refs));
        EXPECT_EQ(store->history(refs), model->history(refs));
    }

    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_booking_store> store;
    std::unique_ptr<any_booking_store> model = make_booking_store<memory_booking_store>();
    std::vector<flight> flights;
};

/// What the cuts are tried on, each with entries that are refused among them.
std::vector<change> creations(std::vector<flight> const& flights, booking const& present)
{
    return {creation_of(a_booking("ACB20001", flights)), creation_of(present),
            creation_of(a_booking("ACB20002")), creation_of(a_booking("ACB20001", {}, noon + 1h))};
}
std::vector<change> acts(booking const& present, booking const& gone)
{
    return {depart(present), cancel(present), depart(a_booking("ACB99999")),
            arrive(depart(gone).after), depart(gone)};
}
std::vector<change> keyed(std::vector<flight> const& flights, booking const& present)
{
    return {with_key(creation_of(a_booking("ACB20001", flights)), key("new")),
            with_key(creation_of(a_booking("ACB20002")), key("new")),
            with_key(creation_of(a_booking("ACB20003")), key("new", "another hash")),
            with_key(creation_of(a_booking("ACB20004")), key("used")),
            with_key(creation_of(present), key("refused")),
            with_key(creation_of(a_booking("ACB20005")), key("refused")),
            with_key(depart(present), key("act")),
            with_key(depart(present), key("act"))};
}
std::vector<change> a_life(std::vector<flight> const& flights, booking const& present)
{
    auto const b = a_booking("ACB20001", flights);
    std::vector<change> life{with_key(creation_of(b), key("born"))};
    for (auto const& act : {command_of(booking_act::depart), command_of(booking_act::arrive, "BOM"),
                            command_of(booking_act::depart), command_of(booking_act::arrive),
                            command_of(booking_act::deliver)})
        life.push_back(decided(life.back().after, act));
    life.insert(life.begin() + 3, cancel(life[1].after));  // would have been possible, but is late
    life.push_back(depart(present));
    life.push_back(cancel(life.back().after));
    return life;
}

class postgres_cut_batches : public postgres_cut {
protected:
    void SetUp() override
    {
        postgres_cut::SetUp();
        if (!store) return;
        auto const present = made(a_booking("ACB10001"));
        auto const gone = made(a_booking("ACB10002"), {depart(a_booking("ACB10002"))});
        (void)made(a_booking("ACB10003"),
                   {with_key(creation_of(a_booking("ACB10004")), key("used"))});
        auto const left = a_booking("ACB10002");
        auto mixed = creations(flights, present);
        for (auto const& c : acts(present, left)) mixed.insert(mixed.begin() + 2, c);
        batches = {{"creations", creations(flights, present)},
                   {"acts", acts(present, left)},
                   {"mixed", mixed},
                   {"keyed", keyed(flights, present)},
                   {"a life", a_life(flights, present)}};
    }

    /// Every batch on a database of its own, with the connections cut as `arrange` says.
    void expect_the_truth(std::size_t which, std::function<void()> const& arrange)
    {
        auto const& [name, batch] = batches.at(which);
        SCOPED_TRACE(name);
        arrange();
        expect_same_answers(batch);
        EXPECT_TRUE(cuts.happened());
        EXPECT_EQ(database->counts().settled, 1U);
        EXPECT_EQ(database->counts().unsettled, 0U);
        expect_same_bookings(batch);
        expect_same_answers(batch);  // sent once more by the caller: all refused or known
        expect_same_bookings(batch);
    }

    std::vector<std::pair<std::string, std::vector<change>>> batches;
};

class postgres_cut_of_each_batch : public postgres_cut_batches,
                                   public ::testing::WithParamInterface<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(batch, postgres_cut_of_each_batch, ::testing::Range<std::size_t>(0, 5));

TEST_P(postgres_cut_of_each_batch, is_answered_with_the_truth_when_the_answer_of_a_commit_is_lost)
{
    expect_the_truth(GetParam(), [this] { cuts.after(1); });
}
TEST_P(postgres_cut_of_each_batch, is_applied_once_when_it_was_cut_before_it_was_complete)
{
    expect_the_truth(GetParam(), [this] { cuts.before(1); });
}
TEST_P(postgres_cut_of_each_batch, is_settled_when_the_second_sending_is_lost_too)
{
    // A new connection first says what its session needs, hence every second request.
    expect_the_truth(GetParam(), [this] {
        cuts.after(1);
        cuts.also_after(3);
    });
}
TEST_P(postgres_cut_of_each_batch, is_settled_when_it_first_was_cut_before_and_then_after)
{
    expect_the_truth(GetParam(), [this] {
        cuts.before(1);
        cuts.also_after(3);
    });
}
TEST_P(postgres_cut_of_each_batch, is_settled_after_many_cuts_in_a_row)
{
    expect_the_truth(GetParam(), [this] {
        cuts.before(1);
        for (unsigned n : {2U, 4U}) cuts.also_before(n);
        for (unsigned n : {3U, 6U, 8U}) cuts.also_after(n);
    });
}
TEST_P(postgres_cut_of_each_batch, is_settled_when_also_the_questions_about_it_are_cut)
{
    expect_the_truth(GetParam(), [this] {
        cuts.after(1);
        for (unsigned n = 4; n < 8; ++n) cuts.also_after(n);
    });
}

// ------------------------------------------------------------------------- nobody can be reached

class postgres_cut_for_long : public postgres_behind_proxy {
protected:
    void SetUp() override
    {
        postgres_behind_proxy::SetUp();
        if (!proxy) return;
        database = open_quiet({.connections = 1, .settle_timeout = 100ms});
        store = make_booking_store<postgres_booking_store>(database);
        cuts.only_count();
    }
    /// From the second request on nobody gets through.
    void keep_away()
    {
        for (unsigned n = 2; n < 1000; ++n) cuts.also_before(n);
    }
    void expect_unknown()
    {
        for (auto const& answer : store->apply(batch))
            EXPECT_EQ(code_of(answer), errc::commit_unknown) << detail_of(answer);
        EXPECT_EQ(database->counts().unsettled, 1U);
        EXPECT_EQ(database->counts().settled, 0U);
    }
    void let_in_again()
    {
        cuts.only_count();
        EXPECT_TRUE(eventually([this] { return store->list({}).has_value(); }));
    }

    booking b = a_booking("ACB10001");
    booking other = a_booking("ACB10002");
    std::vector<change> batch{with_key(creation_of(b), key("first")),
                              with_key(depart(b), key("second")),
                              with_key(creation_of(other), key("first", "another hash"))};
    std::shared_ptr<postgres_database> database;
    std::unique_ptr<any_booking_store> store;

    /// Whatever became of it, the caller who asks again under the same keys gets its answers.
    void expect_answers_to_the_same_again()
    {
        auto const answers = store->apply(batch);
        EXPECT_EQ(answers[0].value(), b);
        EXPECT_EQ(answers[1].value(), depart(b).after);
        EXPECT_EQ(code_of(answers[2]), errc::idempotency_mismatch);
        EXPECT_EQ(find_one(*store, b.terms.ref).value(), depart(b).after);
        EXPECT_EQ(history_of(*store, b.terms.ref)->size(), 2U);
        EXPECT_EQ(code_of(find_one(*store, other.terms.ref)), errc::not_found);
    }
};

TEST_F(postgres_cut_for_long, is_commit_unknown_and_all_is_there_when_it_was_committed)
{
    cuts.after(1);
    keep_away();
    expect_unknown();
    let_in_again();
    EXPECT_EQ(find_one(*store, b.terms.ref).value(), depart(b).after);
    expect_answers_to_the_same_again();
}

TEST_F(postgres_cut_for_long, is_commit_unknown_and_nothing_is_there_when_it_was_not)
{
    cuts.before(1);
    keep_away();
    expect_unknown();
    let_in_again();
    EXPECT_EQ(store->list({}).value().total, 0U);
    EXPECT_EQ(answer_to(*store, key("first")).value(), std::nullopt);
    expect_answers_to_the_same_again();
}

TEST_F(postgres_cut_for_long, is_looked_into_from_the_moment_of_the_cut)
{
    store->apply(std::vector{creation_of(b)});
    somebody_else holder(prepared->owner_url);
    holder.run("BEGIN; SELECT id FROM bookings FOR UPDATE");
    auto answer = std::async(std::launch::async, [this] { return apply_one(*store, depart(b)); });
    // By now the time to settle would be over, had it begun with the first sending.
    ASSERT_TRUE(eventually([this] {
        return sessions("wait_event_type = 'Lock' AND now() - query_start > interval '200 ms'") > 0;
    }));
    EXPECT_EQ(terminate("wait_event_type = 'Lock'"), 1);
    holder.run("COMMIT");
    EXPECT_EQ(answer.get().value(), depart(b).after);
    EXPECT_EQ(history_of(*store, b.terms.ref)->size(), 2U);
}

// ----------------------------------------------------------------------------------- the service

class postgres_cut_under_service : public postgres_cut {
protected:
    void SetUp() override
    {
        postgres_cut::SetUp();
        if (!store) return;
        flight_store = make_flight_store<postgres_flight_store>(database);
        service.emplace(*store, *flight_store, *cache, *locks, time.wall());
    }

    /// A booking is made, one departs, and one is refused to be delivered since it never left.
    void expect_done_once(bool with_keys, std::function<void()> const& arrange)
    {
        ++round;
        auto const first = run_one(*service, a_request()).value();
        auto const second = run_one(*service, a_request()).value();
        auto const there = store->list({}).value().total;
        auto const name = [&](char const* what) {
            return with_keys ? std::optional(key(what + std::to_string(round))) : std::nullopt;
        };
        auto made = a_request(flights);
        auto departs = ask(booking_act::depart, first);
        auto delivers = ask(booking_act::deliver, second);
        made.key = name("made");
        departs.key = name("departs");
        delivers.key = name("delivers");
        cuts.only_count();
        arrange();

        auto const answers = service->run(std::vector<booking_request>{made, departs, delivers});

        cuts.only_count();
        ASSERT_EQ(code_of(answers[0]), accepted) << detail_of(answers[0]);
        ASSERT_EQ(code_of(answers[1]), accepted) << detail_of(answers[1]);
        EXPECT_EQ(code_of(answers[2]), errc::illegal_transition) << detail_of(answers[2]);
        EXPECT_EQ(store->list({}).value().total, there + 1);
        EXPECT_EQ(find_one(*store, answers[0]->terms.ref), answers[0]);
        EXPECT_EQ(find_one(*store, first.terms.ref), answers[1]);
        EXPECT_EQ(history_of(*store, answers[0]->terms.ref)->size(), 1U);
        EXPECT_EQ(history_of(*store, first.terms.ref)->size(), 2U);
        EXPECT_EQ(history_of(*store, second.terms.ref)->size(), 1U);
    }

    int round = 0;
    virtual_clock time;
    std::unique_ptr<any_cache> const cache = make_cache<memory_cache>();
    std::unique_ptr<any_lock_manager> const locks = make_lock_manager<memory_lock_manager>();
    std::unique_ptr<any_flight_store> flight_store;
    std::optional<booking_service> service;
};

TEST_F(postgres_cut_under_service, doubles_nothing_and_hides_nothing_wherever_it_falls)
{
    constexpr unsigned more_than_a_call_asks = 8;
    for (bool const with_keys : {false, true}) {
        for (unsigned n = 1; n <= more_than_a_call_asks; ++n) {
            SCOPED_TRACE("request " + std::to_string(n) + (with_keys ? ", keys" : ", no keys"));
            expect_done_once(with_keys, [&] { cuts.before(n); });
            expect_done_once(with_keys, [&] { cuts.after(n); });
        }
    }
}

// ----------------------------------------------------------------------------------- at random

/// Batches of all kinds on a few bookings and keys, so that they meet.
class random_batches {
public:
    random_batches(random_source& random, any_booking_store& model, std::vector<flight> flights)
        : random_(random), model_(model), flights_(std::move(flights))
    {}

    std::vector<change> next()
    {
        std::vector<change> batch;
        auto const size = between(random_, 1, 12);
        for (int i = 0; i < size; ++i) {
            auto c = one(batch);
            if (chance(random_, 0.4)) c.key = key(std::to_string(between(random_, 1, 15)), hash());
            batch.push_back(std::move(c));
        }
        return batch;
    }

private:
    std::string hash() { return chance(random_, 0.9) ? "hash" : "another hash"; }
    booking_ref ref() { return a_ref("ACB" + std::to_string(between(random_, 10'000, 10'040))); }

    change one(std::vector<change> const& batch)
    {
        auto const wanted = ref();
        auto seen = find_one(model_, wanted);
        // Now and then it builds on what this batch does, or on what is outdated already.
        for (auto const& c : batch) {
            if (c.after.terms.ref == wanted && chance(random_, 0.7)) seen = c.after;
        }
        if (seen && chance(random_, 0.9)) {
            for (auto const act : {booking_act::depart, booking_act::arrive, booking_act::deliver,
                                   booking_act::cancel}) {
                auto const fact = step(*seen, command_of(act), noon);
                if (fact && chance(random_, 0.8)) return {evolve(*seen, *fact), *fact};
            }
        }
        // The same name always means the same terms, so that what is decided on a booking of this
        // batch that is refused still fits the one that is there.
        auto const along = wanted.str().back() % 2 == 0 ? flights_ : std::vector<flight>();
        return creation_of(a_booking(wanted.str(), along));
    }

    random_source& random_;
    any_booking_store& model_;
    std::vector<flight> flights_;
};

class postgres_cut_at_random : public postgres_cut {};

TEST_F(postgres_cut_at_random, changes_no_answer_and_no_booking)
{
    random_source random(printed_seed());
    random_batches batches(random, *model, flights);
    for (int round = 0; round < 300 && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        auto const batch = batches.next();
        cuts.only_count();
        for (int i = between(random, 0, 3); i > 0; --i) {
            auto const n = between(random, 1U, 8U);
            chance(random, 0.5) ? cuts.also_before(n) : cuts.also_after(n);
        }
        expect_same_answers(batch);
        expect_same_bookings(batch);
    }
    EXPECT_EQ(database->counts().unsettled, 0U);
    EXPECT_GT(database->counts().settled, 30U);
}

}  // namespace
}  // namespace aircargo::test
