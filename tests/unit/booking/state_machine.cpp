#include <aircargo/booking/state_machine.hpp>
#include <gtest/gtest.h>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

namespace aircargo::test {
namespace {

/// Another lifecycle on the same template: how a ground handler follows a consignment by IATA's
/// status codes.
enum class milestone { fwb, rcs, man, dep, arr, rcf, nfd, awd, dlv, dis };
enum class message {
    accepted,
    manifested,
    departed,
    arrived,
    checked_in,
    notified,
    documents_handed,
    delivered,
    lost,
    found
};

// clang-format off
constexpr auto handling = [] {
    using enum milestone;
    using enum message;
    return std::array{
        transition{fwb, accepted,         rcs},
        transition{rcs, manifested,       man},
        transition{man, departed,         dep},
        transition{dep, arrived,          arr},
        transition{arr, checked_in,       rcf},
        transition{rcf, manifested,       man},  // on to the next flight
        transition{rcf, notified,         nfd},
        transition{nfd, documents_handed, awd},
        transition{awd, delivered,        dlv},
        transition{nfd, delivered,        dlv},
        transition{arr, lost,             dis},
        transition{rcf, lost,             dis},
        transition{dis, found,            rcf},
    };
}();
// clang-format on

static_assert(is_deterministic(handling));
static_assert(is_final(handling, milestone::dlv));
static_assert(!is_final(handling, milestone::dis));
static_assert(is_reachable(handling, milestone::fwb, milestone::dlv));
static_assert(!is_reachable(handling, milestone::dlv, milestone::fwb));
static_assert(next_state(handling, milestone::rcf, message::manifested) == milestone::man);
static_assert(!next_state(handling, milestone::dep, message::delivered));

TEST(state_machine, walks_another_lifecycle_from_end_to_end)
{
    using enum message;
    auto state = milestone::fwb;
    for (auto m : {accepted, manifested, departed, arrived, checked_in, manifested, departed,
                   arrived, lost, found, notified, documents_handed, delivered}) {
        auto const next = next_state(handling, state, m);
        ASSERT_TRUE(next) << "message " << static_cast<int>(m) << " in " << static_cast<int>(state);
        state = *next;
    }
    EXPECT_EQ(state, milestone::dlv);
}

TEST(state_machine, allows_what_the_table_holds_and_nothing_else)
{
    std::set<std::pair<int, int>> allowed;
    for (int state = 0; state < 10; ++state) {
        for (int m = 0; m < 10; ++m) {
            if (next_state(handling, static_cast<milestone>(state), static_cast<message>(m)))
                allowed.emplace(state, m);
        }
    }
    std::set<std::pair<int, int>> written;
    for (auto const& line : handling)
        written.emplace(static_cast<int>(line.from), static_cast<int>(line.act));
    EXPECT_EQ(allowed, written);
}

enum class node { a, b, c, d };
enum class edge { x, y };

TEST(state_machine, sees_two_answers_to_one_act)
{
    std::array const table{transition{node::a, edge::x, node::b},
                           transition{node::a, edge::x, node::c}};
    EXPECT_FALSE(is_deterministic(table));
}

TEST(state_machine, sees_the_same_line_twice)
{
    std::array const table{transition{node::a, edge::x, node::b},
                           transition{node::a, edge::x, node::b}};
    EXPECT_FALSE(is_deterministic(table));
}

TEST(state_machine, sees_through_circles)
{
    std::array const table{transition{node::a, edge::x, node::b},
                           transition{node::b, edge::x, node::a},
                           transition{node::b, edge::y, node::c}};
    EXPECT_TRUE(is_reachable(table, node::a, node::c));
    EXPECT_FALSE(is_reachable(table, node::a, node::d));
    EXPECT_FALSE(is_reachable(table, node::c, node::a));
}

TEST(state_machine, reaches_every_state_from_itself)
{
    std::array const table{transition{node::a, edge::x, node::b}};
    EXPECT_TRUE(is_reachable(table, node::d, node::d));
}

/// 25 states in a ring with a way on and a way back from each: as many circles as a real lifecycle
/// can have. Counts how often it is read, so that a search that walks every path of it fails
/// instead of never ending.
class ring {
public:
    using value_type = transition<int, edge>;

    ring()
    {
        for (int i = 0; i < 25; ++i) {
            auto const at = static_cast<std::size_t>(2 * i);
            lines_[at] = {i, edge::x, (i + 1) % 25};
            lines_[at + 1] = {i, edge::y, (i + 24) % 25};
        }
    }
    [[nodiscard]] auto begin() const
    {
        if (++readings_ > 10'000) throw std::runtime_error("walks in circles");
        return lines_.begin();
    }
    [[nodiscard]] auto end() const { return lines_.end(); }
    [[nodiscard]] std::size_t size() const { return lines_.size(); }

private:
    std::array<value_type, 50> lines_{};
    mutable int readings_ = 0;
};

TEST(state_machine, searches_a_large_table_full_of_circles)
{
    EXPECT_TRUE(is_reachable(ring(), 0, 12));
    EXPECT_FALSE(is_reachable(ring(), 0, 99));
}

}  // namespace
}  // namespace aircargo::test
