#include "observe/guarded.hpp"
#include "observe/outage_watch.hpp"
#include "support/eventually.hpp"
#include <gtest/gtest.h>
#include <atomic>
#include <stdexcept>

namespace aircargo::server {
namespace {

TEST(guarded, says_whether_something_was_thrown)
{
    EXPECT_TRUE(guarded("here", [] {}));
    EXPECT_FALSE(guarded("here", [] { throw std::runtime_error("a mistake"); }));
}

TEST(outage_watch, goes_on_when_its_check_throws)
{
    std::atomic<int> looks = 0;
    outage_watch const watch("store", "somewhere", [&]() -> result<void> {
        ++looks;
        throw std::runtime_error("a mistake");
    });
    EXPECT_TRUE(test::eventually([&] { return looks > 1; }));
}

}  // namespace
}  // namespace aircargo::server
