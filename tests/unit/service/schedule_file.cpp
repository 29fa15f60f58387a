#include "support/random_schedule.hpp"
#include "support/schedule_text.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/service/schedule_file.hpp>
#include <gtest/gtest.h>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
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

TEST_F(schedule_file, is_refused_when_its_time_starts_where_no_calendar_reaches)
{
    ASSERT_TRUE(save_schedule(path, schedule(flights)));
    for (auto const start :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        auto damaged = content();
        std::memcpy(damaged.data() + offsetof(detail::block_head, base_time), &start, sizeof start);
        overwrite(damaged);
        EXPECT_EQ(refusal(), errc::invalid_request) << start;
    }
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

std::optional<itinerary> earliest_journey(flight_network const& network, airport_code from,
                                          airport_code to)
{
    return earliest_search()(network, {.origin = from,
                                       .destination = to,
                                       .day = any_time_from(utc_window("2025-12-01").start),
                                       .max_stops = 15});
}

std::vector<itinerary> journeys_of_day(flight_network const& network, airport_code from,
                                       airport_code to)
{
    profile_search search;
    auto const found = search(
        network,
        {.origin = from, .destination = to, .day = utc_window("2025-12-01"), .max_stops = 3});
    return {found.begin(), found.end()};
}

/// Every flight by every way that leads to it.
void walk(schedule const& s)
{
    for (auto const code : s.airports()) {
        auto const a = *s.find(code);
        for (auto const& l : s.departures(a).lanes()) {
            for (auto t : {seconds32{0}, l.least_block(), day_length, 3 * day_length, never}) {
                (void)l.first_departing(t);
                (void)l.not_behind(t);
                (void)l.day_end(t);
            }
        }
        for (auto const& l : s.arrivals(a).lanes()) (void)l.end();
    }
    (void)s.flights();
    flight_network const network(s);
    for (auto const from : s.airports()) {
        for (auto const to : s.airports()) {
            route_query q{.origin = from, .destination = to, .day = utc_window("2025-12-01")};
            q.limit = 3;
            (void)search(s, q);
            if (auto const found = earliest_journey(network, from, to)) (void)found->flights();
            for (auto const& i : journeys_of_day(network, from, to)) (void)i.flights();
        }
    }
}

TEST_F(schedule_file, never_leads_a_search_astray_whatever_bytes_it_has)
{
    random_source random(printed_seed());
    int accepted = 0;
    for (int i = 0; i < 3000; ++i) {
        schedule const s(i % 100 == 0 ? random_flights(random, "2025-12-01") : flights);
        std::vector<std::uint64_t> aligned((s.bytes().size() + 7) / 8);
        auto const bytes = std::as_writable_bytes(std::span(aligned)).first(s.bytes().size());
        std::copy(s.bytes().begin(), s.bytes().end(), bytes.begin());
        for (int k = between(random, 1, 4); k > 0; --k) {
            // Often in the heads, where most harm could be done.
            auto const end = static_cast<int>(bytes.size()) - 1;
            auto const last = chance(random, 0.7) ? std::min(300, end) : end;
            bytes[static_cast<std::size_t>(between(random, 0, last))] =
                static_cast<std::byte>(one_of(random, std::array{0, 1, 2, 127, 128, 255}));
        }
        auto const read = schedule::from_bytes(nullptr, bytes);
        if (!read) continue;
        ++accepted;
        walk(*read);
    }
    EXPECT_GT(accepted, 100) << "some damage is to times only";
}

}  // namespace
}  // namespace aircargo::test
