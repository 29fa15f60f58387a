#include "observe/cores.hpp"
#include "support/temp_folder.hpp"
#include <gtest/gtest.h>
#include <filesystem>
#include <thread>

namespace aircargo::server {
namespace {

TEST(cores, in_a_quota_are_those_begun)
{
    EXPECT_EQ(cores_in_quota("200000 100000\n"), 2U);
    EXPECT_EQ(cores_in_quota("150000 100000\n"), 2U);
    EXPECT_EQ(cores_in_quota("1000 100000"), 1U);
    EXPECT_EQ(cores_in_quota("9223372036854775807 1"), 2147483647U);
    for (auto const* none : {"max 100000\n", "", "200000", "0 100000", "-1 100000", "1 0", "x y"})
        EXPECT_EQ(cores_in_quota(none), std::nullopt) << none;
}

TEST(cores, in_a_group_are_the_least_of_all_around_it)
{
    test::temp_folder const root;
    std::filesystem::create_directories(root / "pods/one");
    auto const in = [&](char const* membership) { return cores_in_group(root / "", membership); };
    EXPECT_EQ(in("0::/pods/one\n"), std::nullopt) << "nobody says anything";
    (void)root.file("pods/one/cpu.max", "max 100000\n");
    EXPECT_EQ(in("0::/pods/one\n"), std::nullopt);
    (void)root.file("pods/cpu.max", "300000 100000\n");
    EXPECT_EQ(in("0::/pods/one\n"), 3U);
    (void)root.file("pods/one/cpu.max", "50000 100000\n");
    EXPECT_EQ(in("12:cpu:/other\n0::/pods/one\n"), 1U);
    EXPECT_EQ(in("0::/pods\n"), 3U);
    EXPECT_EQ(in("0::/\n"), std::nullopt);
    (void)root.file("cpu.max", "200000 100000\n");  // what a container sees of its own group
    EXPECT_EQ(in("0::/\n"), 2U);
    EXPECT_EQ(in("0::/elsewhere\n"), 2U);
    EXPECT_EQ(in("1:cpu:/pods\n"), std::nullopt) << "version 1";
    EXPECT_EQ(in(""), std::nullopt);
}

TEST(cores, of_this_process_are_one_at_least)
{
    EXPECT_GE(usable_cores(), 1U);
    EXPECT_LE(usable_cores(), std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace
}  // namespace aircargo::server
