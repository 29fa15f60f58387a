#include "limits/batch_units.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] std::string batch_of(std::size_t entries)
{
    std::string json = R"({"entries":[)";
    for (std::size_t i = 0; i < entries; ++i) json += i == 0 ? "{}" : ", {}";
    return json + "]}";
}

TEST(batch_units, are_one_a_hundred_entries_begun)
{
    EXPECT_EQ(units_of_batch(batch_of(0)), 1);
    EXPECT_EQ(units_of_batch(batch_of(1)), 1);
    EXPECT_EQ(units_of_batch(batch_of(100)), 1);
    EXPECT_EQ(units_of_batch(batch_of(101)), 2);
    EXPECT_EQ(units_of_batch(batch_of(1000)), 10);
}

TEST(batch_units, count_entries_and_not_what_looks_like_them)
{
    EXPECT_EQ(count_entries(batch_of(3)), 3U);
    EXPECT_EQ(
        count_entries(R"({"entries":[{"notes":"{},{}"},{"notes":"\"{\\"},{"more":[{},{}]}]})"), 3U);
    EXPECT_EQ(count_entries(R"({"more":{},"entries":[[{}],1,{}]})"), 1U);
    EXPECT_EQ(count_entries(R"({"one":[{}],"entries":[{}]})"), 2U) << "which is refused later";
}

TEST(batch_units, are_some_number_of_any_text)
{
    for (auto const* text : {"", "[", "]]]}}}{", "\"", "{\"entries\":[{", "{\"a\\", "null"})
        EXPECT_EQ(units_of_batch(text), 1) << text;
}

}  // namespace
}  // namespace aircargo::server
