#include "page/content_policy.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

using texts = std::vector<std::string>;

TEST(inline_scripts, are_those_that_stand_in_the_page)
{
    EXPECT_EQ(inline_scripts("<p>x</p>"), texts{});
    EXPECT_EQ(inline_scripts("<script>a()</script>"), texts{"a()"});
    EXPECT_EQ(inline_scripts("<SCRIPT>a()</Script >"), texts{"a()"});
    EXPECT_EQ(inline_scripts("<script>a()</script><p><script async>b()</script>"),
              (texts{"a()", "b()"}));
    EXPECT_EQ(inline_scripts("<script></script>"), texts{""});
    EXPECT_EQ(inline_scripts("<script>if (a<b) c=\"<p>\"</script>"), texts{"if (a<b) c=\"<p>\""});
}

TEST(inline_scripts, have_no_source)
{
    EXPECT_EQ(inline_scripts(R"(<script src="/a.js" async=""></script>)"), texts{});
    EXPECT_EQ(inline_scripts("<script async SRC = '/a.js'></script><script>b()</script>"),
              texts{"b()"});
    EXPECT_EQ(inline_scripts("<script src=/a.js>x</script>"), texts{});
    EXPECT_EQ(inline_scripts(R"(<script id="src" data-src="x">a()</script>)"), texts{"a()"});
    EXPECT_EQ(inline_scripts(R"(<script data-x="> src=y">a()</script>)"), texts{"a()"});
}

TEST(inline_scripts, are_nothing_else)
{
    EXPECT_EQ(inline_scripts("<!-- <script>a()</script> --><script>b()</script>"), texts{"b()"});
    EXPECT_EQ(inline_scripts("<scripted>a()</scripted><script/>b()</script>"), texts{"b()"});
    EXPECT_EQ(inline_scripts("&lt;script>a()&lt;/script>"), texts{});
}

TEST(inline_scripts, are_as_the_browser_reads_them)
{
    EXPECT_EQ(inline_scripts("<script>a\r\nb\rc\n</script>"), texts{"a\nb\nc\n"});
}

TEST(inline_scripts, end_where_a_broken_page_ends)
{
    EXPECT_EQ(inline_scripts("<script>a()"), texts{"a()"});
    EXPECT_EQ(inline_scripts("<script"), texts{});
    EXPECT_EQ(inline_scripts("<script x"), texts{""});
    EXPECT_EQ(inline_scripts("<script x=\"y"), texts{""});
    EXPECT_EQ(inline_scripts("<!-- <script>a()</script>"), texts{});
}

TEST(policy_of_page, lets_its_own_scripts_run_and_no_other)
{
    auto const policy = policy_of_page(
        "<script>b()</script><script>a()</script>"
        "<script>a()</script>");
    // printf 'a()' | openssl dgst -sha256 -binary | base64
    EXPECT_NE(policy.find("; script-src 'self' "
                          "'sha256-cf242PFc/kb7xD0Qzhsmd9vvRkc+cWFmbi+k+YvtdKc=' "
                          "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='; "),
              policy.npos)
        << policy;
    EXPECT_EQ(policy.find("unsafe-inline", policy.find("script-src")),
              policy.find("unsafe-inline"));
    EXPECT_TRUE(policy.starts_with("default-src 'none'; "));
    EXPECT_NE(policy_of_page("<p>").find("; script-src 'self'; "), std::string::npos);
}

}  // namespace
}  // namespace aircargo::server
