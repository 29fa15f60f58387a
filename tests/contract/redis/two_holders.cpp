#include "support/backends.hpp"
#include "support/private_redis.hpp"
#include "support/recording.hpp"
#include "support/service_words.hpp"
#include "support/store_words.hpp"
#include <aircargo/lock/redis.hpp>
#include <aircargo/service/verify.hpp>
#include <gtest/gtest.h>
#include <array>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using enum booking_act;

/// Two instances on one store, and five servers for their locks.
template <class Backend>
class two_holders_by_redlock : public store_test<Backend> {
protected:
    static std::vector<std::shared_ptr<redis_node>> nodes_of(std::array<private_redis, 5>& servers)
    {
        std::vector<std::shared_ptr<redis_node>> nodes;
        for (auto& server : servers) nodes.push_back(open_redis(server.url()).value());
        return nodes;
    }
    /// Two of the five were away when the first one was given its lease, as far as they know, and
    /// a third one starts again empty: three of five know nothing now.
    void forget(std::size_t round)
    {
        for (std::size_t i = 0; i < 2; ++i) servers[(round + i) % servers.size()].flush();
        auto& third = servers[(round + 2) % servers.size()];
        third.kill();
        third.start();
    }
    /// Asks the second instance until it has been at work on it.
    result<booking> insist(act_request const& request)
    {
        for (;;) {
            auto answer = run_one(second, request);
            auto const code = code_of(answer);
            if (code != errc::lock_busy && code != errc::lock_unavailable) return answer;
        }
    }

    std::array<private_redis, 5> servers;
    virtual_clock time;
    std::unique_ptr<any_cache> const cache = make_cache<no_cache>();
    std::unique_ptr<any_lock_manager> const first_locks =
        make_lock_manager<redis_lock_manager>(nodes_of(servers));
    std::unique_ptr<any_lock_manager> const second_locks =
        make_lock_manager<redis_lock_manager>(nodes_of(servers));
    journal first_steps;
    journal second_steps;
    recording_bookings first_bookings{this->store, first_steps};
    recording_bookings second_bookings{this->store, second_steps};
    booking_service first{first_bookings, *this->backend.flights, *cache, *first_locks,
                          time.wall()};
    booking_service second{second_bookings, *this->backend.flights, *cache, *second_locks,
                           time.wall()};
};
using shared_stores = ::testing::Types<memory_stores, sqlite_stores>;
TYPED_TEST_SUITE(two_holders_by_redlock, shared_stores, backend_names);

/// The first one has the lease and has read; now its servers forget, and the second one is given
/// the lease too, while the first still believes in it. Both write at once; the revision lets one
/// through.
TYPED_TEST(two_holders_by_redlock, never_both_commit)
{
    constexpr std::size_t rounds = 60;
    std::array<int, 2> won{};
    for (std::size_t round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        auto const b = run_one(this->first, a_request()).value();
        std::latch both_write(2);
        std::optional<std::future<result<booking>>> rival;
        bool second_writes = false;
        this->second_bookings.before_apply = [&] {
            if (!std::exchange(second_writes, true)) both_write.arrive_and_wait();
        };
        this->first_bookings.before_apply = [&] {
            if (rival) return;
            this->forget(round);
            rival = std::async(std::launch::async, [&] { return this->insist(ask(depart, b)); });
            both_write.arrive_and_wait();
        };
        auto const mine = run_one(this->first, ask(depart, b));
        ASSERT_TRUE(rival.has_value()) << detail_of(mine);
        auto const theirs = rival->get();
        this->first_bookings.before_apply = nullptr;
        this->second_bookings.before_apply = nullptr;

        EXPECT_NE(mine.has_value(), theirs.has_value())
            << detail_of(mine) << "; " << detail_of(theirs);
        EXPECT_EQ(code_of(mine ? theirs : mine), errc::illegal_transition)
            << "it has read what the other wrote";
        EXPECT_EQ(this->events_of(b), 2U);
        ++won[mine ? 0 : 1];
    }
    EXPECT_TRUE(verify(this->store).value().differences.empty());
    this->RecordProperty("won_by_the_first", won[0]);
    this->RecordProperty("won_by_the_second", won[1]);
}

/// The second one is through before the first one writes.
TYPED_TEST(two_holders_by_redlock, refuse_the_one_who_comes_late)
{
    auto const b = run_one(this->first, a_request()).value();
    result<booking> theirs = refuse(errc::not_found, "not asked yet");
    bool entered = false;
    this->first_bookings.before_apply = [&] {
        if (entered) return;
        entered = true;
        this->forget(0);
        theirs = this->insist(ask(depart, b));
    };
    auto const mine = run_one(this->first, ask(cancel, b));

    EXPECT_EQ(code_of(theirs), accepted);
    ASSERT_EQ(code_of(mine), accepted)
        << "it has read again, and a departed booking may be cancelled";
    EXPECT_EQ(mine->revision, 3);
    EXPECT_EQ(this->events_of(b), 3U);
    EXPECT_EQ(this->first_steps.count("apply"), 3)
        << "the creation, the refused one, and the last one";
    EXPECT_TRUE(verify(this->store).value().differences.empty());
}

}  // namespace
}  // namespace aircargo::test
