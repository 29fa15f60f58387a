#pragma once

#include "webhooks/retry.hpp"
#include "webhooks/sender.hpp"
#include <aircargo/core/clock.hpp>
#include <aircargo/store/booking_store.hpp>
#include <aircargo/store/webhook_store.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::server {

/// What the relay did since it began.
struct relay_counts {
    std::uint64_t passed_on = 0;  ///< deliveries made from the log
    std::uint64_t arrived = 0;
    std::uint64_t failed = 0;     ///< attempts that are to be made again
    std::uint64_t dead = 0;       ///< given up
    std::uint64_t forgotten = 0;  ///< removed some time after that
    std::uint64_t under_way = 0;
    std::chrono::milliseconds took{};  ///< all attempts together
};

/// Takes events from the log to the webhooks, a round at a time:
///
///     note what has ended -> pass the log on -> begin what is due -> forget what is long dead
///
/// What it knows beside the stores is only what is under way here. So any number of relays may work
/// on the same stores, and one that stops is no loss: the leases of what it had begun end, and
/// another one begins it again.
class webhook_relay {
public:
    struct options {
        wall_clock now;
        std::function<std::uint64_t()> random;
        webhook_retry retry{};
        std::chrono::seconds timeout{10};  ///< of an attempt, as the sender keeps it
        std::size_t most_of_one = 16;      ///< under way to one webhook
        std::size_t most_in_all = 256;     ///< about; see `wishes`
    };

    /// \param news is called from any thread when an attempt has ended
    webhook_relay(any_booking_store& bookings, any_webhook_store& webhooks, webhook_sender& sender,
                  options o, std::function<void()> news);
    ~webhook_relay();
    webhook_relay(webhook_relay const&) = delete;
    webhook_relay& operator=(webhook_relay const&) = delete;

    enum class after_round {
        wait,  ///< nothing to do until there are news
        go_on  ///< there is more
    };
    /// One round. From one thread at a time. Whatever a store throws, the next round goes on where
    /// this one stopped. \return a store's error
    [[nodiscard]] result<after_round> round();

    /// Notes what has ended, and nothing more: before the end.
    [[nodiscard]] result<void> note_ends();

    /// Whether somebody was to be told of events in the last round.
    [[nodiscard]] bool in_use() const;

    [[nodiscard]] relay_counts counts() const;
    [[nodiscard]] std::size_t under_way() const;

private:
    /// What senders call back into; outlives the relay while they still may.
    struct outcomes;

    [[nodiscard]] result<void> list_hooks();
    [[nodiscard]] result<bool> pass_on();
    [[nodiscard]] result<bool> begin_due();
    [[nodiscard]] result<bool> forget_dead();
    [[nodiscard]] std::vector<claim_wish> wishes() const;
    void count_begun(webhook_delivery const& d);
    [[nodiscard]] result<logged_event const*> find_event(webhook_delivery const& d);
    [[nodiscard]] result<std::optional<logged_event>> event_of_booking(webhook_delivery const& d);
    void keep(std::vector<logged_event> const& events);
    [[nodiscard]] result<void> try_to_begin(webhook_delivery const& d, utc_time claimed_at);
    [[nodiscard]] result<void> begin(webhook_delivery const& d, utc_time claimed_at);
    void end_unsent(webhook_delivery const& d, std::string why);
    [[nodiscard]] webhook const* hook(std::string const& id) const;

    [[nodiscard]] std::chrono::seconds lease() const;

    any_booking_store& bookings_;
    any_webhook_store& webhooks_;
    webhook_sender& sender_;
    options const options_;
    std::shared_ptr<outcomes> outcomes_;

    std::vector<attempt_end> noting_;  // what ended, until the store has noted it
    std::vector<webhook> hooks_;
    std::map<log_position, logged_event> recent_;  // the last that were read
    std::deque<log_position> kept_;                // their places, as they were read
    std::map<std::string, std::size_t> begun_;     // under way, by webhook; until it is noted
    std::size_t begun_in_all_ = 0;
    utc_time forget_at_{};
};

/// What receivers know a message by: the same each time that the event is sent, by whichever
/// server, and not the same as that of any other event, also where a store was set back and its
/// places, and then its references, come again.
[[nodiscard]] std::string webhook_message_id(logged_event const& e);

/// An event as webhooks are told it.
[[nodiscard]] std::string webhook_body(logged_event const& e);

}  // namespace aircargo::server
