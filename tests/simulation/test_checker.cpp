#include "simulation/checker.hpp"
#include "support/builders.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using simulation::find_log_violation;
using simulation::find_violation;
using simulation::operation;
using simulation::truth;
using ::testing::Optional;
using ::testing::StartsWith;

/// The life of one booking, BOOKED, DEPARTED, ARRIVED, and what clients saw of it.
class checker : public ::testing::Test {
protected:
    truth in_the_end;
    std::vector<operation> operations;
    std::vector<booking> states;

    checker()
    {
        auto const made = creation_of(a_booking("ACB10001"));
        add(made.after, made.fact, "op1");
        for (auto act : {booking_act::depart, booking_act::arrive}) {
            auto const c = decided(states.back(), command_of(act));
            add(c.after, c.fact, "op" + std::to_string(states.size() + 1));
        }
    }

    void write(std::int64_t revision, std::uint64_t asked, std::uint64_t told)
    {
        operation o;
        o.ref = "ACB10001";
        o.tag = "op" + std::to_string(revision);
        o.creates = revision == 1;
        o.asked = asked;
        o.told = told;
        o.seen = state(revision);
        operations.push_back(o);
    }
    void read(std::int64_t revision, std::uint64_t asked, std::uint64_t told)
    {
        operation o;
        o.what = operation::kind::find;
        o.ref = "ACB10001";
        o.asked = asked;
        o.told = told;
        o.seen = state(revision);
        operations.push_back(o);
    }
    void history(std::size_t revision, std::uint64_t asked, std::uint64_t told)
    {
        operation o;
        o.what = operation::kind::history;
        o.ref = "ACB10001";
        o.asked = asked;
        o.told = told;
        auto const& events = in_the_end.bookings.at("ACB10001").events;
        o.events.assign(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(revision));
        operations.push_back(o);
    }
    void refused(std::string tag, booking_act act, errc refusal, std::uint64_t asked,
                 std::uint64_t told)
    {
        operation o;
        o.ref = "ACB10001";
        o.tag = std::move(tag);
        o.act = act;
        o.refusal = refusal;
        o.asked = asked;
        o.told = told;
        operations.push_back(o);
    }
    void all_written()
    {
        write(1, 1, 2);
        write(2, 3, 6);
        write(3, 10, 20);
    }
    [[nodiscard]] booking state(std::int64_t revision) const
    {
        return states.at(static_cast<std::size_t>(revision) - 1);
    }
    [[nodiscard]] std::vector<logged_event> log() const
    {
        auto const& [terms, events] = in_the_end.bookings.at("ACB10001");
        std::vector<logged_event> out;
        for (auto const& e : events)
            out.push_back(
                {log_position{10 * e.seq}, terms.ref, terms.origin, terms.destination, e});
        return out;
    }
    [[nodiscard]] std::optional<std::string> violation() const
    {
        return find_violation(operations, in_the_end);
    }

private:
    void add(booking const& after, event fact, std::string const& tag)
    {
        fact.request_id = tag;
        auto& life =
            in_the_end.bookings.try_emplace("ACB10001", truth::life{after.terms, {}}).first->second;
        life.events.push_back(fact);
        states.push_back(fold(life.terms, life.events).value());
    }
};

TEST_F(checker, takes_what_follows_in_order)
{
    all_written();
    read(1, 3, 4);
    read(2, 7, 8);
    history(3, 21, 22);
    EXPECT_EQ(violation(), std::nullopt);
}

TEST_F(checker, takes_either_state_while_a_change_is_under_way)
{
    all_written();
    read(2, 11, 12);
    read(3, 13, 14);
    EXPECT_EQ(violation(), std::nullopt);
}

TEST_F(checker, finds_a_read_that_is_older_than_an_acknowledgement)
{
    all_written();
    read(2, 21, 22);
    EXPECT_THAT(violation(), Optional(StartsWith("stale: ")));
}

TEST_F(checker, finds_a_read_that_is_older_than_another_one)
{
    all_written();
    read(3, 11, 12);
    read(2, 13, 14);
    EXPECT_THAT(violation(), Optional(StartsWith("order: ")));
}

TEST_F(checker, lets_a_read_that_the_cache_was_not_told_of_bind_only_itself)
{
    all_written();
    read(3, 11, 12);
    operations.back().untold = true;
    read(2, 13, 14);
    EXPECT_EQ(violation(), std::nullopt);

    read(2, 21, 22);
    operations.back().untold = true;
    EXPECT_THAT(violation(), Optional(StartsWith("stale: ")));
}

TEST_F(checker, finds_a_booking_that_is_older_than_its_history_was)
{
    all_written();
    history(3, 11, 12);
    read(2, 13, 14);
    EXPECT_THAT(violation(), Optional(StartsWith("order: ")));
}

TEST_F(checker, finds_a_state_that_never_was)
{
    all_written();
    read(2, 7, 8);
    operations.back().seen->terms.pieces += 1;
    EXPECT_THAT(violation(), Optional(StartsWith("content: ")));
}

TEST_F(checker, finds_an_acknowledged_change_that_is_not_on_record)
{
    all_written();
    in_the_end.bookings.at("ACB10001").events.pop_back();
    EXPECT_THAT(violation(), Optional(StartsWith("durable: ")));
}

TEST_F(checker, finds_one_request_that_was_carried_out_twice)
{
    all_written();
    in_the_end.bookings.at("ACB10001").events.back().request_id = "op2";
    EXPECT_THAT(violation(), Optional(StartsWith("once: ")));
}

TEST_F(checker, finds_events_that_are_no_legal_path)
{
    all_written();
    auto& events = in_the_end.bookings.at("ACB10001").events;
    events.back() = events[1];
    events.back().seq = 3;
    EXPECT_THAT(violation(), Optional(StartsWith("legal: ")));
}

TEST_F(checker, takes_a_refusal_that_a_state_of_its_time_explains)
{
    all_written();
    refused("op9", booking_act::arrive, errc::illegal_transition, 3, 4);    // BOOKED
    refused("op8", booking_act::depart, errc::illegal_transition, 11, 12);  // DEPARTED or ARRIVED
    EXPECT_EQ(violation(), std::nullopt);
}

TEST_F(checker, finds_a_refusal_that_no_state_of_its_time_explains)
{
    all_written();
    refused("op9", booking_act::deliver, errc::illegal_transition, 21, 22);  // ARRIVED
    EXPECT_THAT(violation(), Optional(StartsWith("refusal: ")));
}

TEST_F(checker, takes_a_change_of_unknown_outcome_for_made_or_not)
{
    write(1, 1, 2);
    write(2, 3, 6);
    refused("op3", booking_act::arrive, errc::commit_unknown, 10, 20);
    refused("op4", booking_act::deliver, errc::commit_unknown, 21, 30);
    EXPECT_EQ(violation(), std::nullopt);
}

TEST_F(checker, finds_a_refused_change_that_is_on_record)
{
    write(1, 1, 2);
    write(2, 3, 6);
    refused("op3", booking_act::arrive, errc::lock_busy, 10, 20);
    EXPECT_THAT(violation(), Optional(StartsWith("refused: ")));
}

// What somebody read of the log.

TEST_F(checker, accepts_a_log_that_was_read_from_end_to_end)
{
    EXPECT_EQ(find_log_violation(log(), in_the_end), std::nullopt);
}

TEST_F(checker, finds_an_event_that_a_reader_of_the_log_missed)
{
    for (std::size_t missed = 0; missed < 3; ++missed) {
        auto read = log();
        read.erase(read.begin() + static_cast<std::ptrdiff_t>(missed));
        EXPECT_THAT(find_log_violation(read, in_the_end), Optional(StartsWith("log: ")));
    }
    EXPECT_THAT(find_log_violation({}, in_the_end), Optional(StartsWith("log: ")));
}

TEST_F(checker, finds_an_event_that_a_reader_of_the_log_met_twice_or_too_early)
{
    auto twice = log();
    twice.push_back(twice.back());
    EXPECT_THAT(find_log_violation(twice, in_the_end), Optional(StartsWith("log: ")));
    auto early = log();
    std::swap(early[1].fact, early[2].fact);
    EXPECT_THAT(find_log_violation(early, in_the_end), Optional(StartsWith("log: ")));
    auto backwards = log();
    std::swap(backwards[1].position, backwards[2].position);
    EXPECT_THAT(find_log_violation(backwards, in_the_end), Optional(StartsWith("log: ")));
}

TEST_F(checker, finds_a_booking_in_the_log_that_there_is_not)
{
    auto read = log();
    auto stranger = read.front();
    stranger.ref = a_ref("ACB99999");
    stranger.position = log_position{100};
    read.push_back(stranger);
    EXPECT_THAT(find_log_violation(read, in_the_end), Optional(StartsWith("log: ")));
}

}  // namespace
}  // namespace aircargo::test
