#include "webhooks/curl_sender.hpp"
#include "log.hpp"
#include "webhooks/signature.hpp"
#include "webhooks/target_check.hpp"
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace aircargo::server {
namespace {

using monotonic = std::chrono::steady_clock;

// What a receiver says beside its status is of no use. A little of it is read, so that the
// connection can be used again.
constexpr std::size_t most_of_an_answer = std::size_t{64} * 1024;
constexpr auto longest_answer = std::chrono::seconds(1);
constexpr int look_again_ms = 100;  // whether an answer takes longer
constexpr long connections_kept = 64;
constexpr int idle_ms = 60'000;
constexpr auto after_failure = std::chrono::milliseconds(100);

/// For the whole process, before the first use, and never undone.
void start_curl()
{
    static bool const started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!started) throw std::runtime_error("libcurl does not start");
}

/// The address of a socket to be, as text and as `ip_address` reads it.
[[nodiscard]] std::optional<ip_address> address_of(curl_sockaddr const& to)
{
    if (to.family == AF_INET)
        return ip_address::from_v4(reinterpret_cast<sockaddr_in const&>(to.addr).sin_addr);
    if (to.family == AF_INET6)
        return ip_address::from_v6(reinterpret_cast<sockaddr_in6 const&>(to.addr).sin6_addr);
    return std::nullopt;
}

}  // namespace

/// One message under way.
class curl_sender::transfer {
public:
    transfer(webhook_message message, std::function<void(send_outcome)> then)
        : message_(std::move(message)), then_(std::move(then)), easy_(nullptr, curl_easy_cleanup)
    {}
    ~transfer() { curl_slist_free_all(fields_); }
    transfer(transfer const&) = delete;
    transfer& operator=(transfer const&) = delete;

    /// Makes it ready. \return what curl knows it by
    [[nodiscard]] CURL* prepare(options const& o)
    {
        options_ = &o;
        easy_.reset(curl_easy_init());
        if (!easy_) throw std::bad_alloc();
        set_fields(o.now());
        set(CURLOPT_URL, message_.url.c_str());
        set(CURLOPT_POSTFIELDS, message_.body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message_.body.size()));
        set(CURLOPT_HTTPHEADER, fields_);
        set(CURLOPT_USERAGENT, "aircargo/" AIRCARGO_VERSION);
        set(CURLOPT_PROTOCOLS_STR, "https,http");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);  // the end of the server does not wait for a slow DNS
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(o.timeout.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(o.timeout.count()));
        set(CURLOPT_OPENSOCKETFUNCTION, &transfer::open_socket);
        set(CURLOPT_OPENSOCKETDATA, this);
        set(CURLOPT_HEADERFUNCTION, &transfer::take_head);
        set(CURLOPT_HEADERDATA, this);
        set(CURLOPT_WRITEFUNCTION, &transfer::take_answer);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_ERRORBUFFER, in_words_.data());
        if (!o.ca_file.empty()) set(CURLOPT_CAINFO, o.ca_file.c_str());
        return easy_.get();
    }

    /// It has ended, one way or another.
    void end(CURLcode code)
    {
        send_outcome out;
        long status = 0;
        curl_off_t took_us = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &took_us);
        out.took = std::chrono::milliseconds(took_us / 1000);
        out.status = answered_at_ ? static_cast<unsigned>(status) : 0;
        out.arrived = answered_at_ && status >= 200 && status < 300;
        if (!out.arrived) out.error = why(code, out.status);
        tell(std::move(out));
    }
    /// It can not even begin.
    void fail(std::string why) { tell({.error = std::move(why), .tried = false}); }
    /// The server stops. What has been answered is not sent again for that.
    void give_up()
    {
        answered_at_ ? end(CURLE_ABORTED_BY_CALLBACK) : fail("the server was stopped");
    }

    /// When the head of the answer had come, which says all, however the rest goes.
    [[nodiscard]] std::optional<monotonic::time_point> answered_at() const { return answered_at_; }

private:
    /// Others are under way, so what it throws ends here.
    void tell(send_outcome out)
    {
        try {
            then_(std::move(out));
        } catch (std::exception const& e) {
            log_error("webhooks.outcome_lost", {{"detail", e.what()}});
        }
    }

    template <class Value>
    void set(CURLoption option, Value value)
    {
        if (curl_easy_setopt(easy_.get(), option, value) != CURLE_OK)
            throw std::runtime_error("libcurl is older than the one this was built with");
    }

    void add_field(std::string const& line)
    {
        auto* const longer = curl_slist_append(fields_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        fields_ = longer;
    }

    void set_fields(utc_time now)
    {
        add_field("Content-Type: application/json");
        add_field("webhook-id: " + message_.id);
        add_field("webhook-timestamp: " + std::to_string(to_epoch(now)));
        add_field("webhook-signature: " +
                  webhook_signature(message_.secret, message_.id, now, message_.body));
        add_field("Expect:");  // curl would wait for a 100 first
    }

    [[nodiscard]] std::string why(CURLcode code, unsigned status) const
    {
        if (status != 0) return "HTTP " + std::to_string(status);
        if (code == CURLE_COULDNT_CONNECT && !refused_.empty()) return refused_;
        return in_words_[0] != '\0' ? in_words_.data() : curl_easy_strerror(code);
    }

    /// Curl asks for a socket to each address that it is about to connect to.
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* to)
    {
        auto& t = *static_cast<transfer*>(self);
        auto const address = address_of(*to);
        auto const scheme =
            t.message_.url.starts_with("https:") ? target_scheme::https : target_scheme::http;
        auto refused = address ? refuse_address(*address, scheme, t.options_->allowed)
                               : std::optional<std::string>("it has no address of the internet");
        if (refused) {
            t.refused_ = *std::move(refused);
            return CURL_SOCKET_BAD;
        }
        return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    }

    /// Lines of the head; one that is empty ends it.
    static std::size_t take_head(char* line, std::size_t size, std::size_t count, void* self)
    {
        auto& t = *static_cast<transfer*>(self);
        std::string_view const text(line, size * count);
        if (!t.answered_at_ && (text == "\r\n" || text == "\n")) t.end_head();
        return text.size();
    }
    /// Behind one like 100 Continue the answer is still to come.
    void end_head()
    {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200) answered_at_ = monotonic::now();
    }

    static std::size_t take_answer(char*, std::size_t size, std::size_t count, void* self)
    {
        auto& t = *static_cast<transfer*>(self);
        t.answered_ += size * count;
        return t.answered_ > most_of_an_answer ? 0 : size * count;
    }

    webhook_message message_;
    std::function<void(send_outcome)> then_;
    std::array<char, CURL_ERROR_SIZE> in_words_{};  // before what writes there
    std::unique_ptr<CURL, void (*)(CURL*)> easy_;
    curl_slist* fields_ = nullptr;
    options const* options_ = nullptr;
    std::string refused_;
    std::optional<monotonic::time_point> answered_at_;
    std::size_t answered_ = 0;
};

/// All that curl works on at once. Of the thread alone, but for `wake`.
class curl_sender::handles {
public:
    handles() : multi_(curl_multi_init(), curl_multi_cleanup)
    {
        if (!multi_) throw std::bad_alloc();
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, connections_kept);
    }
    ~handles()
    {
        for (auto& [easy, t] : under_way_) {
            curl_multi_remove_handle(multi_.get(), easy);
            t->give_up();
        }
    }
    handles(handles const&) = delete;
    handles& operator=(handles const&) = delete;

    /// One that can not be sent, say for its secret, ends here and holds up no other.
    void add(std::unique_ptr<transfer> t, options const& o)
    {
        try {
            auto* const easy = t->prepare(o);
            auto const added = curl_multi_add_handle(multi_.get(), easy);
            if (added != CURLM_OK) return t->fail(curl_multi_strerror(added));
            under_way_.emplace(easy, std::move(t));
        } catch (std::exception const& e) {
            if (t) t->fail(std::string("it can not be sent: ") + e.what());
        }
    }
    /// Does what can be done now, and then waits until there is more.
    void work()
    {
        int running = 0;
        curl_multi_perform(multi_.get(), &running);
        int left = 0;
        while (auto const* const news = curl_multi_info_read(multi_.get(), &left)) {
            if (news->msg == CURLMSG_DONE) end(news->easy_handle, news->data.result);
        }
        end_long_answers();
    }
    void wait()
    {
        bool const answers =
            std::any_of(under_way_.begin(), under_way_.end(),
                        [](auto const& entry) { return entry.second->answered_at().has_value(); });
        curl_multi_poll(multi_.get(), nullptr, 0, answers ? look_again_ms : idle_ms, nullptr);
    }
    void wake() { curl_multi_wakeup(multi_.get()); }

private:
    void end_long_answers()
    {
        std::vector<CURL*> too_long;
        for (auto const& [easy, t] : under_way_) {
            auto const since = t->answered_at();
            if (since && monotonic::now() - *since > longest_answer) too_long.push_back(easy);
        }
        for (auto* const easy : too_long) end(easy, CURLE_ABORTED_BY_CALLBACK);
    }
    void end(CURL* easy, CURLcode code)
    {
        auto const ended = std::move(under_way_.extract(easy).mapped());
        curl_multi_remove_handle(multi_.get(), easy);
        ended->end(code);
    }

    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
    std::map<CURL*, std::unique_ptr<transfer>> under_way_;
};

curl_sender::curl_sender(options o) : options_(std::move(o))
{
    start_curl();
    handles_ = std::make_unique<handles>();
    thread_ = std::thread([this] { run(); });
}

curl_sender::~curl_sender()
{
    stopping_ = true;
    handles_->wake();
    thread_.join();
    handles_.reset();
    for (auto& t : waiting_) t->give_up();
}

void curl_sender::send(webhook_message message, std::function<void(send_outcome)> then)
{
    auto made = std::make_unique<transfer>(std::move(message), std::move(then));
    {
        std::scoped_lock const lock(mutex_);
        waiting_.push_back(std::move(made));
    }
    handles_->wake();
}

std::vector<std::unique_ptr<curl_sender::transfer>> curl_sender::take_waiting()
{
    std::scoped_lock const lock(mutex_);
    return std::exchange(waiting_, {});
}

void curl_sender::work()
{
    for (auto& t : take_waiting()) handles_->add(std::move(t), options_);
    handles_->work();
    handles_->wait();
}

void curl_sender::run()
{
    while (!stopping_) {
        try {
            work();
        } catch (std::exception const& e) {  // there is no memory, say; then the lease tells
            log_error("webhooks.sender_failed", {{"detail", e.what()}});
            std::this_thread::sleep_for(after_failure);
        }
    }
}

}  // namespace aircargo::server
