#include "webhooks/webhook_system.hpp"
#include "support/builders.hpp"
#include "support/eventually.hpp"
#include "support/http_receiver.hpp"
#include "support/moody_webhook_store.hpp"
#include <aircargo/store/memory.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aircargo::test {
namespace {

using namespace server;
using namespace std::chrono_literals;

class webhook_systems : public ::testing::Test {
protected:
    webhook_systems()
    {
        webhook const w{.id = "a",
                        .url = to.url(),
                        .secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        .created_at = noon};
        webhooks->add(w).value();
    }
    static webhooks_config config()
    {
        return {{ip_network::parse("127.0.0.1").value()}, "", 10s, 16, {}, 100};
    }
    void happens(std::string const& ref)
    {
        auto const made = creation_of(a_booking(ref));
        ASSERT_TRUE(bookings->apply({&made, 1}).front().has_value());
    }
    /// The system takes the store along; this is a view of it.
    void start() { system.emplace(config(), *bookings, std::move(owned)); }
    bool told_of(std::string const& ref)
    {
        return eventually([&] {
            auto const all = to.requests();
            return std::any_of(all.begin(), all.end(), [&](auto const& request) {
                return request.find(ref) != request.npos;
            });
        });
    }

    receiver to{answer_of("204 No Content")};
    std::unique_ptr<any_booking_store> bookings = make_booking_store<memory_booking_store>();
    std::unique_ptr<moody_webhook_store> owned = std::make_unique<moody_webhook_store>();
    moody_webhook_store* webhooks = owned.get();
    std::optional<webhook_system> system;
};

TEST_F(webhook_systems, tell_of_what_happens)
{
    start();
    happens("ACB10001");
    EXPECT_TRUE(told_of("ACB10001"));
}

TEST_F(webhook_systems, go_on_when_a_store_threw)
{
    webhooks->throws = true;
    start();
    happens("ACB10001");
    ASSERT_TRUE(eventually([&] { return webhooks->thrown > 1; })) << "it tries again";
    webhooks->throws = false;
    EXPECT_TRUE(told_of("ACB10001"));
}

TEST_F(webhook_systems, end_while_a_store_throws)
{
    start();
    happens("ACB10001");
    ASSERT_TRUE(told_of("ACB10001"));
    webhooks->throws = true;
    ASSERT_TRUE(eventually([&] { return webhooks->thrown > 0; }));
    system.reset();
}

}  // namespace
}  // namespace aircargo::test
