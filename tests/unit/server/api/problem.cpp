#include "api/problem.hpp"
#include <gtest/gtest.h>

namespace aircargo::server {
namespace {

TEST(problem, keeps_the_words_of_a_driver_and_of_a_mistake_in_the_log)
{
    for (auto code : {errc::backend_down, errc::timed_out, errc::commit_unknown}) {
        auto const p = to_problem(refuse(code, "secret"));
        EXPECT_EQ(p.status, 503U);
        EXPECT_EQ(p.code, name_of(code));
        EXPECT_EQ(p.retry_after_s, 1U);
        EXPECT_EQ(p.detail.find("secret"), std::string::npos) << p.detail;
    }
}

TEST(problem, says_of_a_mistake_only_that_there_was_one)
{
    auto const p = to_problem(refuse(errc::internal_error, "secret"));
    EXPECT_EQ(p.status, 500U);
    EXPECT_EQ(p.code, "internal_error");
    EXPECT_EQ(p.retry_after_s, 0U) << "it may come again";
    EXPECT_EQ(p.detail, "something went wrong in the server");
}

TEST(problem, repeats_what_is_ours)
{
    auto const p = to_problem(refuse(errc::overloaded, "too many wait"));
    EXPECT_EQ(p.status, 503U);
    EXPECT_EQ(p.detail, "too many wait");
}

}  // namespace
}  // namespace aircargo::server
