#include "api/links.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::server {
namespace {

request asked(std::string path, std::vector<query_parameter> query)
{
    request r;
    r.path = std::move(path);
    r.query = std::move(query);
    return r;
}

TEST(page_links, lead_on_by_cursor_and_back_to_the_first)
{
    auto const r = asked("/api/v1/bookings", {{"status", "BOOKED"}, {"page_size", "3"}});
    EXPECT_EQ(page_links(r, "17-4"),
              "</api/v1/bookings?status=BOOKED&page_size=3&cursor=17-4>; rel=\"next\", "
              "</api/v1/bookings?status=BOOKED&page_size=3>; rel=\"first\"");
    EXPECT_EQ(page_links(r, ""), "</api/v1/bookings?status=BOOKED&page_size=3>; rel=\"first\"");
}

TEST(page_links, replace_the_page_that_was_asked_for)
{
    auto const by_cursor = asked("/b", {{"cursor", "1-1"}, {"sort", "created_at"}});
    EXPECT_EQ(page_links(by_cursor, "2.2"),
              "</b?sort=created_at&cursor=2.2>; rel=\"next\", </b?sort=created_at>; "
              "rel=\"first\"");
    auto const by_number = asked("/b", {{"page", "3"}});
    EXPECT_EQ(page_links(by_number, "", 3), "</b?page=2>; rel=\"prev\", </b>; rel=\"first\"");
    EXPECT_EQ(page_links(asked("/b", {{"page", "1"}}), "", 1), "</b>; rel=\"first\"");
}

TEST(page_links, never_let_a_value_out_of_its_place)
{
    auto const r = asked("/b", {{"a>\r\nX: y", "1&b=2>; rel=\"next\" é"}});
    EXPECT_EQ(page_links(r, ""),
              "</b?a%3E%0D%0AX%3A%20y=1%26b%3D2%3E%3B%20rel%3D%22next%22%20%C3%A9>; "
              "rel=\"first\"");
}

TEST(percent_encode, keeps_what_means_nothing)
{
    std::string const plain = "ABCXYZabcxyz0189-._~";
    EXPECT_EQ(percent_encode(plain), plain);
    EXPECT_EQ(percent_encode(std::string("+ %/\0", 5)), "%2B%20%25%2F%00");
}

}  // namespace
}  // namespace aircargo::server
