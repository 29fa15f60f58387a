#include "support/builders.hpp"
#include <aircargo/service/verify.hpp>
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <functional>
#include <string>

namespace aircargo::test {
namespace {

/// A store in which somebody has scratched.
class scratched_bookings final : public any_booking_store {
public:
    std::function<void(booking&)> scratch_row = [](booking&) {};
    std::function<void(std::vector<event>&)> scratch_history = [](std::vector<event>&) {};
    std::function<void()> before_history = [] {};
    bool down = false;

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        return inner_.apply(changes);
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return inner_.answers(keys, now);
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        auto found = inner_.find(refs);
        for (auto& f : found) scratch_row(*f);
        return found;
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        before_history();
        auto found = inner_.history(refs);
        for (auto& f : found) scratch_history(*f);
        return found;
    }
    result<booking_page> list(booking_query const& query) override
    {
        if (down) return refuse(errc::backend_down, "told to");
        auto page = inner_.list(query);
        for (auto& b : page->items) scratch_row(b);
        return page;
    }
    result<booking_figures> figures(figures_query const& query) override
    {
        return inner_.figures(query);
    }
    result<log_page> log_after(log_query const& query) override { return inner_.log_after(query); }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return inner_.reserve_refs(count);
    }

private:
    memory_booking_store inner_;
};

class a_verified_store : public ::testing::Test {
protected:
    scratched_bookings store;

    void given_bookings(int count)
    {
        std::vector<change> changes;
        for (int i = 0; i < count; ++i) {
            auto const b = a_booking("ACB" + std::to_string(10'000 + i), via_bombay());
            changes.push_back(creation_of(b));
            changes.push_back(depart(b));
        }
        (void)store.apply(changes);
    }
    /// The references of what differs.
    std::string differences()
    {
        std::string out;
        for (auto const& d : verify(store).value().differences) {
            EXPECT_FALSE(d.what.empty());
            out += d.ref.str() + ' ';
        }
        return out;
    }
    /// Scratches at one booking only.
    void scratch(std::function<void(booking&)> how)
    {
        store.scratch_row = [how = std::move(how)](booking& b) {
            if (b.terms.ref == a_ref("ACB10001")) how(b);
        };
    }
};

TEST_F(a_verified_store, is_sound)
{
    given_bookings(3);
    auto const report = verify(store).value();
    EXPECT_EQ(report.bookings, 3U);
    EXPECT_EQ(report.events, 6U);
    EXPECT_TRUE(report.differences.empty());
}

TEST_F(a_verified_store, may_be_empty) { EXPECT_EQ(verify(store).value().bookings, 0U); }

TEST_F(a_verified_store, is_read_to_its_end)
{
    given_bookings(2500);
    EXPECT_EQ(verify(store).value().bookings, 2500U);
    EXPECT_EQ(verify(store).value().events, 5000U);
}

TEST_F(a_verified_store, shows_each_scratch_in_a_row)
{
    given_bookings(3);
    for (std::function<void(booking&)> const& how : std::vector<std::function<void(booking&)>>{
             [](booking& b) { b.status = booking_status::delivered; },
             [](booking& b) { b.revision = 3; }, [](booking& b) { b.at = airport("MAA"); },
             [](booking& b) { b.next_leg = 2; }, [](booking& b) { b.misrouted = true; },
             [](booking& b) { b.created_at += std::chrono::seconds(1); },
             [](booking& b) { b.updated_at += std::chrono::seconds(1); }}) {
        scratch(how);
        EXPECT_EQ(differences(), "ACB10001 ");
    }
}

TEST_F(a_verified_store, shows_each_scratch_in_a_history)
{
    given_bookings(1);
    for (std::function<void(std::vector<event>&)> const& how :
         std::vector<std::function<void(std::vector<event>&)>>{
             [](auto& h) { h.pop_back(); }, [](auto& h) { h.erase(h.begin()); },
             [](auto& h) { h.push_back(h.back()); }, [](auto& h) { std::swap(h[0], h[1]); },
             [](auto& h) { h[1].seq = 7; }, [](auto& h) { h[1].type = event_type::cancelled; },
             [](auto& h) { h[1].previous = booking_status::arrived; },
             [](auto& h) { h[1].off_plan = true; },
             [](auto& h) { h[1].created_at += std::chrono::seconds(1); }}) {
        store.scratch_history = how;
        EXPECT_EQ(differences(), "ACB10000 ");
    }
}

TEST_F(a_verified_store, may_change_between_the_two_reads)
{
    given_bookings(1);
    store.before_history = [this] {
        auto const present = store.find(std::vector{a_ref("ACB10000")}).front().value();
        if (present.status == booking_status::departed && present.at == std::nullopt) {
            (void)store.apply(
                std::vector{decided(present, command_of(booking_act::arrive, "BOM"))});
        }
    };
    EXPECT_EQ(differences(), "");
}

TEST_F(a_verified_store, can_be_down)
{
    store.down = true;
    EXPECT_EQ(code_of(verify(store)), errc::backend_down);
}

}  // namespace
}  // namespace aircargo::test
