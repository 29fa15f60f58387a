#include "http/trace_context.hpp"
#include "http/identity.hpp"
#include <gtest/gtest.h>
#include <string>

namespace aircargo::server {
namespace {

constexpr std::string_view sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(trace_context, goes_on_with_the_callers_trace_as_a_part_of_its_own)
{
    auto const ours = trace_context::continue_from(sent);

    EXPECT_EQ(ours.trace_id(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(ours.traceparent().substr(0, 36), sent.substr(0, 36));
    EXPECT_NE(ours.traceparent().substr(36, 16), sent.substr(36, 16));
    EXPECT_EQ(ours.traceparent().substr(52), "-01");
    EXPECT_TRUE(is_traceparent(ours.traceparent()));
}

TEST(trace_context, begins_a_trace_where_there_is_none)
{
    auto const one = trace_context::continue_from(std::nullopt);
    auto const other = trace_context::continue_from("00-nonsense");

    EXPECT_TRUE(is_traceparent(one.traceparent()));
    EXPECT_TRUE(is_traceparent(other.traceparent()));
    EXPECT_NE(one.trace_id(), other.trace_id());
    EXPECT_EQ(trace_context().trace_id(), "");
}

TEST(trace_context, later_versions_are_read_as_far_as_they_are_known)
{
    auto const later = "cc" + std::string(sent.substr(2));
    EXPECT_TRUE(is_traceparent(later));
    EXPECT_TRUE(is_traceparent(later + "-what-the-future-will-be-like"));
    EXPECT_FALSE(is_traceparent(later + ".what"));
    EXPECT_EQ(trace_context::continue_from(later).traceparent().substr(0, 3), "00-");
}

TEST(trace_context, what_is_not_exactly_one_is_none)
{
    auto const with = [](std::size_t at, std::string_view text) {
        return std::string(sent).replace(at, text.size(), text);
    };
    for (auto const& text : {
             std::string(),
             std::string(sent.substr(0, 54)),
             std::string(sent) + "-",
             std::string(sent) + " ",
             with(0, "ff"),
             with(0, "0A"),
             with(2, "_"),
             with(35, "_"),
             with(52, "_"),
             with(3, "0AF7"),
             with(3, "0ag7"),
             with(3, std::string(32, '0')),
             with(36, std::string(16, '0')),
             with(36, "B7"),
             with(53, "0G"),
             with(10, std::string_view("\0", 1)),
         }) {
        EXPECT_FALSE(is_traceparent(text)) << text;
    }
}

TEST(identity, two_traceparents_are_none)
{
    request r;
    r.fields = {{"Traceparent", sent}};
    identify(r);
    EXPECT_EQ(r.trace.trace_id(), sent.substr(3, 32));

    r.fields.push_back({"traceparent", sent});
    identify(r);
    EXPECT_NE(r.trace.trace_id(), sent.substr(3, 32));
    EXPECT_TRUE(is_traceparent(r.trace.traceparent()));
}

TEST(identity, an_id_that_could_forge_lines_of_the_log_is_replaced)
{
    request r;
    for (std::string_view const bad : {"", "a b", "a\"b", "a\nb", "\xc3\xa4"}) {
        r.fields = {{"X-Request-ID", bad}};
        identify(r);
        EXPECT_NE(r.id, bad);
        EXPECT_EQ(r.id.size(), 16U);
    }
    r.fields = {{"X-Request-ID", "order-47.11_b"}};
    identify(r);
    EXPECT_EQ(r.id, "order-47.11_b");
}

}  // namespace
}  // namespace aircargo::server
