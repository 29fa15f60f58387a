#include "support/seed.hpp"
#include <aircargo/async/gather_queue.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using queue = gather_queue<std::string, char>;

/// The names of the items of the next batch, which stays unfinished.
std::string take(queue& q, std::size_t max = 100)
{
    std::string out;
    for (auto const& [key, item] : q.take(max)) out += item + ' ';
    return out;
}

bool push(queue& q, std::optional<char> key, std::string item)
{
    return q.push(key, std::move(item));
}

TEST(gather_queue, hands_out_what_has_no_key_together)
{
    queue q(10);
    (void)push(q, {}, "a");
    (void)push(q, {}, "b");
    EXPECT_EQ(take(q), "a b ");
    EXPECT_EQ(take(q), "");
}

TEST(gather_queue, holds_a_key_once_in_a_batch)
{
    queue q(10);
    for (auto const* item : {"x1", "x2", "y1"}) (void)push(q, item[0], item);
    EXPECT_EQ(take(q), "x1 y1 ");
}

TEST(gather_queue, holds_a_key_in_one_unfinished_batch_at_most)
{
    queue q(10);
    (void)push(q, 'x', "x1");
    EXPECT_EQ(take(q), "x1 ");
    (void)push(q, 'x', "x2");
    EXPECT_FALSE(q.ready());
    EXPECT_EQ(take(q), "");
    q.finish('x');
    EXPECT_TRUE(q.ready());
    EXPECT_EQ(take(q), "x2 ");
}

TEST(gather_queue, keeps_the_order_of_a_key)
{
    queue q(10);
    for (auto const* item : {"x1", "x2", "x3"}) (void)push(q, 'x', item);
    std::string order;
    for (int i = 0; i < 3; ++i) {
        order += take(q);
        q.finish('x');
    }
    EXPECT_EQ(order, "x1 x2 x3 ");
}

TEST(gather_queue, takes_no_more_than_asked_for)
{
    queue q(10);
    for (auto const* item : {"a", "b", "c"}) (void)push(q, {}, item);
    EXPECT_EQ(take(q, 2), "a b ");
    EXPECT_EQ(take(q, 0), "");
    EXPECT_EQ(take(q, 2), "c ");
}

TEST(gather_queue, refuses_beyond_its_capacity_and_leaves_the_item_alone)
{
    gather_queue<std::unique_ptr<int>, char> q(1);
    auto first = std::make_unique<int>(1);
    auto second = std::make_unique<int>(2);
    EXPECT_TRUE(q.push('x', std::move(first)));
    EXPECT_FALSE(q.push('x', std::move(second)));
    ASSERT_NE(second, nullptr);  // NOLINT(bugprone-use-after-move): that is the promise
    EXPECT_EQ(*second, 2);
}

TEST(gather_queue, has_room_again_for_what_was_taken)
{
    queue q(2);
    EXPECT_TRUE(push(q, 'x', "x1"));
    EXPECT_TRUE(push(q, 'x', "x2"));
    EXPECT_FALSE(push(q, {}, "a"));
    EXPECT_EQ(q.waiting(), 2U);
    EXPECT_EQ(take(q), "x1 ");
    EXPECT_EQ(q.waiting(), 1U);
    EXPECT_TRUE(push(q, {}, "a"));
}

TEST(gather_queue, forgets_a_key_that_nobody_uses)
{
    queue q(10);
    (void)push(q, 'x', "x1");
    (void)take(q);
    q.finish('x');
    (void)push(q, 'x', "x2");
    EXPECT_EQ(take(q), "x2 ");
}

/// The same queue as plainly as it can be said: look at all that wait, oldest first.
class naive_queue {
public:
    struct waiting_item {
        std::optional<int> key;
        int item;
    };

    [[nodiscard]] bool key_is_next(waiting_item const& asked) const
    {
        if (!asked.key) return true;
        if (busy.count(*asked.key) != 0) return false;
        for (auto const& w : waiting) {
            if (w.key == asked.key) return w.item == asked.item;
        }
        return false;
    }
    [[nodiscard]] std::set<int> ready() const
    {
        std::set<int> items;
        for (auto const& w : waiting) {
            if (key_is_next(w)) items.insert(w.item);
        }
        return items;
    }

    std::deque<waiting_item> waiting;
    std::set<int> busy;
};

RC_GTEST_PROP(gather_queue, does_what_a_naive_queue_does, ())
{
    auto const capacity = *rc::gen::inRange<std::size_t>(0, 12);
    gather_queue<int, int> q(capacity);
    naive_queue model;
    std::vector<std::optional<int>> unfinished;
    int next_item = 0;
    auto const steps = *rc::gen::inRange(0, 80);
    for (int i = 0; i < steps; ++i) {
        auto const what = *rc::gen::inRange(0, 4);
        if (what < 2) {
            auto const drawn = *rc::gen::inRange(-1, 4);
            auto const key = drawn < 0 ? std::nullopt : std::optional(drawn);
            int item = next_item;
            bool const room = model.waiting.size() < capacity;
            RC_ASSERT(q.push(key, std::move(item)) == room);
            if (room) model.waiting.push_back({key, next_item++});
        } else if (what == 2) {
            auto const max = *rc::gen::inRange<std::size_t>(0, 6);
            auto const ready = model.ready();
            auto const batch = q.take(max);
            RC_ASSERT(batch.size() == std::min(max, ready.size()));
            for (auto const& [key, item] : batch) {
                RC_ASSERT(ready.count(item) == 1U);
                model.waiting.erase(
                    std::find_if(model.waiting.begin(), model.waiting.end(),
                                 [item = item](auto const& w) { return w.item == item; }));
                if (key) RC_ASSERT(model.busy.insert(*key).second);
                unfinished.push_back(key);
            }
        } else if (!unfinished.empty()) {
            auto const at =
                unfinished.begin() + *rc::gen::inRange<std::ptrdiff_t>(
                                         0, static_cast<std::ptrdiff_t>(unfinished.size()));
            q.finish(*at);
            if (*at) model.busy.erase(**at);
            unfinished.erase(at);
        }
        RC_ASSERT(q.waiting() == model.waiting.size());
        RC_ASSERT(q.ready() == !model.ready().empty());
    }
}

TEST(gather_queue, serves_a_hundred_thousand_waiters_of_one_key_in_one_go_each)
{
    constexpr int waiters = 100'000;
    gather_queue<int, int> q(waiters);
    for (int i = 0; i < waiters; ++i) ASSERT_TRUE(q.push(7, int{i}));
    for (int i = 0; i < waiters; ++i) {
        ASSERT_EQ(q.take(512).front().second, i);
        q.finish(7);
    }
}

}  // namespace
}  // namespace aircargo::test
