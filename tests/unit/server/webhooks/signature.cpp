#include "webhooks/signature.hpp"
#include "support/builders.hpp"
#include <gtest/gtest.h>

namespace aircargo::test {
namespace {

using namespace server;

/// The example of the specification of Standard Webhooks.
TEST(webhook_signature, is_that_of_the_standard)
{
    EXPECT_EQ(
        webhook_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                          from_epoch(1'614'265'330), R"({"test": 2432232314})"),
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(webhook_signature, speaks_for_id_time_and_body)
{
    auto const secret = draw_webhook_secret();
    auto const one = webhook_signature(secret, "1", noon, "{}");
    EXPECT_EQ(webhook_signature(secret, "1", noon, "{}"), one);
    EXPECT_NE(webhook_signature(secret, "2", noon, "{}"), one);
    EXPECT_NE(webhook_signature(secret, "1", noon + std::chrono::seconds(1), "{}"), one);
    EXPECT_NE(webhook_signature(secret, "1", noon, "{ }"), one);
    EXPECT_NE(webhook_signature(draw_webhook_secret(), "1", noon, "{}"), one);
}

TEST(webhook_secret, is_32_random_bytes)
{
    auto const secret = draw_webhook_secret();
    EXPECT_EQ(bytes_of_webhook_secret(secret).value().size(), 32U);
    EXPECT_NE(draw_webhook_secret(), secret);
    for (auto const* wrong : {"", "whsec_", "whsec_!!!!", "whsec_abc", "abcd"})
        EXPECT_FALSE(bytes_of_webhook_secret(wrong)) << wrong;
}

}  // namespace
}  // namespace aircargo::test
