#include "demo/shipment.hpp"
#include <gtest/gtest.h>
#include <map>
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] airport_code airport_of(std::string_view text)
{
    return airport_code::parse(text).value();
}

demo_journey const direct{airport_of("DEL"), airport_of("BLR")};
demo_journey const transit{airport_of("DEL"), airport_of("BOM"), airport_of("BLR")};

/// The acts' names, with blanks; `!` behind what is off plan.
[[nodiscard]] std::string lived(demo_journey const& journey, dice& chance)
{
    std::string text;
    for (auto const& act : acts_of(journey, airport_of("HYD"), chance)) {
        text += (text.empty() ? "" : " ") + act.name;
        if (act.body.find("off_plan") != act.body.npos) text += '!';
    }
    return text;
}

TEST(demo_shipments, live_in_all_ways_that_there_are)
{
    dice chance(1);
    std::map<std::string, int> lives;
    for (int i = 0; i < 1000; ++i) ++lives[lived(direct, chance)];
    EXPECT_GT(lives["depart arrive deliver"], 800);
    EXPECT_GT(lives["cancel"], 10);
    EXPECT_GT(lives["depart cancel"], 10);
    EXPECT_GT(lives["depart arrive! depart! arrive deliver"], 30);
    EXPECT_EQ(lives.size(), 4U) << "and in no other";
}

TEST(demo_shipments, report_each_airport_of_a_transfer)
{
    dice chance(1);
    std::map<std::string, int> lives;
    for (int i = 0; i < 1000; ++i) ++lives[lived(transit, chance)];
    EXPECT_GT(lives["depart arrive depart arrive deliver"], 800);
    EXPECT_GT(lives["depart arrive cancel"], 5);
    EXPECT_GT(lives["depart arrive depart cancel"], 5);
    EXPECT_EQ(lives.size(), 6U);
}

TEST(demo_shipments, land_elsewhere_only_where_they_were_not_to_land)
{
    dice chance(1);
    demo_journey const by_way{airport_of("DEL"), airport_of("HYD"), airport_of("BLR")};
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(lived(by_way, chance).find('!'), std::string::npos);
}

TEST(demo_shipments, live_the_same_with_the_same_seed)
{
    dice one(7);
    dice other(7);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(lived(transit, one), lived(transit, other));
}

}  // namespace
}  // namespace aircargo::server
