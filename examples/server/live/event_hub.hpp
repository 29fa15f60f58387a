#pragma once

#include "live/event_filter.hpp"
#include "live/listener.hpp"
#include "live/seats.hpp"
#include <aircargo/store/booking_store.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace aircargo::server {

/// Reads the log while somebody listens, once for all, and hands each what it wants as Server-Sent
/// Events whose ids are places in the log.
///
/// A listener that comes with a place of its own, or that reads too slowly to be sent more, is
/// behind the others. It is sent nothing that they are sent, but what the log holds behind its own
/// place, until it has caught up. So nothing is queued for it, and nothing is lost.
class event_hub {
public:
    struct options {
        std::size_t most_listeners = 1000;
        std::size_t most_of_one_caller = 20;
        std::chrono::milliseconds look_every{100};       ///< for what other processes did
        std::chrono::milliseconds gather{25};            ///< at least between two looks
        std::chrono::milliseconds after_failure{1'000};  ///< of the store
        std::chrono::milliseconds heartbeat{15'000};
        std::chrono::milliseconds longest{300'000};  ///< then a client has to show who it is anew
        std::size_t most_waiting = std::size_t{64} * 1024;  ///< bytes that a client has not read
    };

    event_hub(any_booking_store& bookings, options const& o);
    ~event_hub();
    event_hub(event_hub const&) = delete;
    event_hub& operator=(event_hub const&) = delete;

    struct request {
        event_filter filter;
        std::optional<log_position> after;  ///< nothing: what happens from now on
        std::string caller;
    };
    /// Gets no listener when the log never came as far as `after`.
    using opened = std::function<void(result<std::shared_ptr<listener>>)>;

    /// Finds out where the listener starts, then calls `then` from another thread; what happens
    /// after that it will hear. It is to `attach` its connection, and `leave` when that ends.
    /// \return why there is no room for it, and then `then` is not called
    [[nodiscard]] std::optional<seats::refusal> open(request r, opened then);

    /// There may be news. From any thread.
    void wake();

    [[nodiscard]] std::size_t listeners() const { return seats_->taken(); }

    /// What a stream begins with: how soon to come again after it broke, and from where.
    [[nodiscard]] static std::string first_words(listener const& l);

private:
    using clock = std::chrono::steady_clock;

    struct arrival {
        std::shared_ptr<listener> who;
        std::optional<log_position> after;
        opened then;
    };

    void run();
    [[nodiscard]] clock::time_point next_look() const;
    void look(std::vector<arrival>& arrivals);
    void give_up(std::vector<arrival>& arrivals);
    [[nodiscard]] result<log_page> read_on();
    void seat(arrival a, result<log_page> const& page);
    void pass_on(log_page const& page, log_query const& query);
    void help_those_behind();
    [[nodiscard]] bool catch_up(listener& l);
    void keep_alive();
    void end_old_ones();
    [[nodiscard]] bool is_behind(listener const& l) const { return l.reached < head_; }

    any_booking_store& bookings_;
    options const options_;
    std::shared_ptr<seats> seats_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<arrival> arrivals_;
    bool news_ = false;
    bool stopping_ = false;

    // Of the thread alone.
    std::vector<std::shared_ptr<listener>> present_;
    log_position head_ = log_start;  ///< where those who are not behind are
    std::size_t turn_ = 0;           ///< whose turn it is to catch up
    bool has_more_ = false;          ///< the log, than the last look could read
    bool some_behind_ = false;
    bool failing_ = false;
    clock::time_point looked_at_{};

    std::thread thread_;
};

}  // namespace aircargo::server
