#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/masked_lane.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/service/schedule_file.hpp>
#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

class schedule_file : public ::testing::Test {
protected:
    temp_folder folder;
    std::filesystem::path path = folder / "flights.schedule";
    std::vector<flight> flights = flights_from_text(
        "AI1 DEL 2025-12-01T06:00 BLR 09:00\n"
        "AI2 DEL 2025-12-01T07:00 BOM 09:00\n"
        "AI3 BOM 2025-12-01T11:00 BLR 12:00\n");

    [[nodiscard]] std::string content() const
    {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void overwrite(std::string const& content) const
    {
        std::ofstream(path, std::ios::binary) << content;
    }
    [[nodiscard]] errc refusal() const { return open_schedule(path).error().code; }
};

TEST_F(schedule_file, holds_the_schedule_that_was_saved)
{
    schedule const saved(flights);
    ASSERT_TRUE(save_schedule(path, saved));
    auto const opened = open_schedule(path).value();
    EXPECT_EQ(opened.flights(), saved.flights());
    auto const asked = query("DEL", "BLR", "2025-12-01");
    EXPECT_EQ(to_text(search(opened, asked)), to_text(search(saved, asked)));
}

TEST_F(schedule_file, holds_the_changes_too)
{
    auto const changed = schedule(flights).with(std::vector{cancel_flight(flights[0])}).value();
    ASSERT_TRUE(save_schedule(path, changed));
    EXPECT_EQ(open_schedule(path)->flights(), changed.flights());
}

TEST_F(schedule_file, can_be_changed_once_opened)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    auto const before = content();
    auto const opened = open_schedule(path).value();
    EXPECT_EQ(opened.with(std::vector{cancel_flight(flights[0])})->size(), 2U);
    EXPECT_EQ(content(), before);
}

TEST_F(schedule_file, may_be_replaced_while_somebody_uses_it)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    auto const old = open_schedule(path).value();
    ASSERT_TRUE(save_schedule(path, schedule()));
    EXPECT_EQ(old.flights().size(), 3U);
    EXPECT_EQ(open_schedule(path)->size(), 0U);
}

TEST_F(schedule_file, lies_alone_in_its_folder)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    auto const files = std::filesystem::directory_iterator(path.parent_path());
    EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(schedule_file, is_refused_where_there_is_none) { EXPECT_EQ(refusal(), errc::not_found); }

TEST_F(schedule_file, is_refused_when_it_is_a_folder)
{
    std::filesystem::create_directory(path);
    EXPECT_EQ(refusal(), errc::invalid_request);
}

TEST_F(schedule_file, is_refused_cut_off_at_any_place)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    auto const whole = content();
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        overwrite(whole.substr(0, size));
        ASSERT_EQ(refusal(), errc::invalid_request) << size;
    }
}

TEST_F(schedule_file, is_refused_with_something_behind_it)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    overwrite(content() + "x");
    EXPECT_EQ(refusal(), errc::invalid_request);
}

TEST_F(schedule_file, is_refused_when_it_is_something_else)
{
    overwrite(std::string(5000, 'x'));
    EXPECT_EQ(refusal(), errc::invalid_request);
}

TEST_F(schedule_file, can_not_be_saved_where_there_is_no_folder)
{
    path = folder / "nowhere/flights.schedule";
    EXPECT_EQ(save_schedule(path, schedule(flights)).error().code, errc::backend_down);
}

TEST_F(schedule_file, holds_the_compact_form)
{
    compact_schedule const saved(flights);
    ASSERT_TRUE(save_schedule(path, saved));
    auto const opened = open_schedule<masked_lane>(path).value();
    EXPECT_EQ(opened.flights(), saved.flights());
    auto const asked = query("DEL", "BLR", "2025-12-01");
    EXPECT_EQ(search(opened, asked).transit_total, 1U);

    auto const changed = opened.with(std::vector{cancel_flight(flights[0])}).value();
    ASSERT_TRUE(save_schedule(path, changed));
    EXPECT_EQ(open_schedule<masked_lane>(path)->flights(), changed.flights());
}

TEST_F(schedule_file, is_refused_in_another_form)
{
    ASSERT_TRUE(save_schedule(path, compact_schedule(flights)));
    EXPECT_EQ(refusal(), errc::invalid_request);
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    EXPECT_EQ(open_schedule<masked_lane>(path).error().code, errc::invalid_request);
}

/// Every flight by every way that leads to it.
template <lane_form Lane>
void walk(basic_schedule<Lane> const& s)
{
    for (auto const code : s.airports()) {
        auto const a = *s.find(code);
        for (auto const& l : s.departures(a).lanes()) {
            for (auto t : {seconds32{0}, l.least_block(), day_length, 3 * day_length, never}) {
                l.prefetch_flights(t);
                l.prefetch_departures(t);
                (void)l.count(l.first_departing(t), l.end());
            }
        }
        for (auto const& l : s.arrivals(a).lanes()) (void)l.end();
    }
    (void)s.flights();
    for (auto const from : s.airports()) {
        for (auto const to : s.airports()) {
            route_query q{.origin = from, .destination = to, .day = utc_window("2025-12-01")};
            q.limit = 3;
            (void)search(s, q);
        }
    }
}

template <class Lane>
void search_in_all_ways(basic_schedule<Lane> const& s)
{
    basic_flight_network<Lane> const network(s);
    basic_earliest_search<Lane> earliest;
    basic_profile_search<Lane> profile;
    for (auto const from : s.airports()) {
        for (auto const to : s.airports()) {
            route_query q{.origin = from, .destination = to, .day = utc_window("2025-12-01")};
            q.collapse_codeshares = true;
            q.through_flights = true;
            (void)search(s, q);
            q.max_stops = 3;
            q.collapse_codeshares = false;
            (void)earliest(network, q);
            (void)profile(network, q);
        }
    }
}

/// A copy of the bytes in memory that is aligned as they are.
class damaged_copy {
public:
    explicit damaged_copy(std::span<std::byte const> bytes)
        : memory_((bytes.size() + 7) / 8),
          bytes_(std::as_writable_bytes(std::span(memory_)).first(bytes.size()))
    {
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    }

    void damage(random_source& random)
    {
        for (int k = between(random, 1, 4); k > 0; --k) {
            // Often in the heads, where most harm could be done.
            auto const end =
                chance(random, 0.7) ? std::min<std::size_t>(bytes_.size(), 301) : bytes_.size();
            bytes_[between<std::size_t>(random, 0, end - 1)] =
                static_cast<std::byte>(one_of(random, std::array{0, 1, 2, 127, 128, 255}));
        }
    }
    [[nodiscard]] std::span<std::byte const> bytes() const { return bytes_; }

private:
    std::vector<std::uint64_t> memory_;
    std::span<std::byte> bytes_;
};

/// Uses whatever is accepted of damaged schedules. \return how many were
template <class Schedule, class Use>
int accepted_of_damaged(std::vector<flight> const& flights, int count, Use use)
{
    random_source random(printed_seed());
    int accepted = 0;
    for (int i = 0; i < count; ++i) {
        Schedule const s(i % 100 == 0 ? random_flights(random, "2025-12-01") : flights);
        damaged_copy copy(s.bytes());
        copy.damage(random);
        auto const read = Schedule::from_bytes(nullptr, copy.bytes());
        if (!read) continue;
        ++accepted;
        use(*read);
    }
    return accepted;
}

TEST_F(schedule_file, never_leads_a_search_astray_whatever_bytes_it_has)
{
    auto const use = [](schedule const& s) {
        walk(s);
        search_in_all_ways(s);
    };
    EXPECT_GT(accepted_of_damaged<schedule>(flights, 3000, use), 100)
        << "some damage is to times only";
}

TEST_F(schedule_file, of_the_compact_form_never_leads_a_search_astray_either)
{
    auto const use = [](compact_schedule const& s) {
        walk(s);
        search_in_all_ways(s);
    };
    EXPECT_GT(accepted_of_damaged<compact_schedule>(flights, 3000, use), 100);

    // Over several epochs, with times in seconds and ids far from each other.
    for (int i = 0; i < 200; ++i) {
        flights.push_back(flights[0]);
        flights.back().id = static_cast<flight_id>(std::int64_t{1} << (i % 60));
        flights.back().departure += std::chrono::seconds(i * 81'001);
        flights.back().arrival += std::chrono::seconds(i * 81'007);
    }
    EXPECT_GT(accepted_of_damaged<compact_schedule>(flights, 1000, use), 30);
}

}  // namespace
}  // namespace aircargo::test
