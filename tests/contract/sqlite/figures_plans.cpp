#include "support/sqlite_words.hpp"
#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

TEST(sqlite_figures, read_the_bookings_of_their_span_and_no_others)
{
    heard_statements heard;
    sqlite_stores stores;
    std::vector<change> changes;
    for (int i = 0; i < 2000; ++i)
        changes.push_back(
            creation_of(a_booking("ACB" + std::to_string(20'000 + i), {}, noon + i * 1min)));
    (void)stores.bookings->apply(changes);

    auto const work_of = [&](std::chrono::minutes span) {
        (void)heard.take("");
        EXPECT_EQ(code_of(stores.bookings->figures({noon + 500min, noon + 500min + span})),
                  accepted);
        int work = 0;
        for (auto const& s : heard.take("FROM bookings")) {
            work += s.work;
            for (auto const& step : plan_of(stores.folder / "aircargo.db", s.sql)) {
                EXPECT_EQ(step.find("SCAN"), std::string::npos) << step << "\n" << s.sql;
                EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << step << "\n" << s.sql;
            }
        }
        return work;
    };
    EXPECT_GT(work_of(10min), 0);
    EXPECT_LT(work_of(10min) * 20, work_of(1000min));
}

}  // namespace
}  // namespace aircargo::test
