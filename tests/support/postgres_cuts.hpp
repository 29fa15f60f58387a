#pragma once

#include "support/fault_proxy.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Cuts connections to PostgreSQL between two messages of its protocol (version 3, without TLS).
namespace aircargo::test {

/// Where messages begin and end in a stream that comes in pieces: a type, then the length of itself
/// and of what follows in four bytes. What a client says first has no type.
class message_marks {
public:
    /// Types of our own for messages that have none; a `begins` has `untyped`, an `ends` one of the
    /// others.
    static constexpr char untyped = '\0';
    static constexpr char asks_for_encryption = '\1';
    static constexpr char startup = '\2';

    enum class kind { begins, ends };
    struct mark {
        kind what;
        char type;
        std::size_t at;  ///< so many bytes of the piece come before
    };

    static message_marks of_client() { return message_marks(false); }
    static message_marks of_server() { return message_marks(true); }

    [[nodiscard]] std::vector<mark> read(std::span<std::byte const> piece);

    /// The next byte belongs to no message.
    void skip_one() { ++to_skip_; }

private:
    explicit message_marks(bool with_types) : with_types_(with_types) {}

    [[nodiscard]] std::size_t take(std::span<std::byte const> bytes);
    [[nodiscard]] bool complete() const { return taken_ >= length_at() + 4 && taken_ == size(); }
    [[nodiscard]] std::size_t length_at() const { return with_types_ ? 1 : 0; }
    [[nodiscard]] std::size_t size() const { return length_at() + number_at(length_at()); }
    [[nodiscard]] std::uint32_t number_at(std::size_t at) const;
    [[nodiscard]] char type() const;

    bool with_types_;
    std::size_t to_skip_ = 0;
    std::size_t taken_ = 0;            // bytes of this message so far
    std::array<std::byte, 8> head_{};  // the first of them: type and length, or length and code
};

/// Counts the requests that go to PostgreSQL through a proxy and cuts the connections of some of
/// them. A request is what the server answers with ReadyForQuery: a Sync, or a simple Query. Not
/// for COPY in the extended protocol, whose first Sync the server ignores. Thread-safe.
///
///     postgres_cuts cuts;
///     fault_proxy proxy(port_of_url(url), cuts.watch());
///     cuts.after(2);  // the second request from here is carried out, its answer never arrives
class postgres_cuts {
public:
    /// For the constructor of the proxy, which may outlive this.
    [[nodiscard]] fault_proxy::watch watch() const;

    /// The n-th request from now is dropped with all that follows. When the server has answered
    /// those before, its connection is cut.
    void before(unsigned n) { state_->set({{n, when::before}}); }
    /// The n-th request from now reaches the server. When the server has answered it completely,
    /// its connection is cut; the client has the answers to those before, and nothing of this one.
    void after(unsigned n) { state_->set({{n, when::after}}); }
    /// The same to one more request, counted from the same moment. What a client says on the
    /// connection that it makes after a cut counts too.
    void also_before(unsigned n) { state_->add(n, when::before); }
    void also_after(unsigned n) { state_->add(n, when::after); }
    /// Counts from now, and cuts none.
    void only_count() { state_->set({}); }

    /// Since counting began, over all connections.
    [[nodiscard]] unsigned requests() const { return state_->requests(); }
    /// Whether all cuts that were asked for have come about.
    [[nodiscard]] bool happened() const { return state_->happened(); }

private:
    enum class when { never, before, after };
    using plan = std::map<unsigned, when>;

    class shared_state {
    public:
        void set(plan p);
        void add(unsigned n, when w);
        [[nodiscard]] when count_one();
        void has_happened();
        [[nodiscard]] unsigned requests() const;
        [[nodiscard]] bool happened() const;

    private:
        mutable std::mutex mutex_;
        plan plan_;
        unsigned requests_ = 0;
        std::size_t happened_ = 0;
    };

    class watcher;

    std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

/// The port in a URL with a host and a port.
[[nodiscard]] inline std::uint16_t port_of_url(std::string_view url)
{
    auto const authority_end = url.find_first_of("/?", url.find("://") + 3);
    auto const authority = url.substr(0, authority_end);
    auto const digits = authority.substr(authority.rfind(':') + 1);
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        throw std::runtime_error("no port in " + std::string(url));
    }
    return port;
}

/// The same through another port of 127.0.0.1.
[[nodiscard]] inline std::string through_port(std::string_view url, std::uint16_t port)
{
    auto const begin = url.find("://") + 3;
    auto const end = std::min(url.find_first_of("/?", begin), url.size());
    auto const at = url.substr(begin, end - begin).rfind('@');
    auto const host = at == std::string_view::npos ? begin : begin + at + 1;
    return std::string(url.substr(0, host)) + "127.0.0.1:" + std::to_string(port) +
           std::string(url.substr(end));
}

// --------------------------------------------------------------------------- where messages begin

inline std::vector<message_marks::mark> message_marks::read(std::span<std::byte const> piece)
{
    std::vector<mark> marks;
    for (std::size_t at = 0; at < piece.size();) {
        if (to_skip_ > 0) {
            --to_skip_;
            ++at;
            continue;
        }
        bool const begins = taken_ == 0;
        auto const before = at;
        at += take(piece.subspan(at));
        if (begins) {
            marks.push_back({kind::begins, with_types_ ? type() : untyped, before});
        }
        if (!complete()) continue;
        marks.push_back({kind::ends, type(), at});
        with_types_ = with_types_ || type() == startup;
        taken_ = 0;
    }
    return marks;
}

/// Takes one byte of a head, or as much of a body as there is, and tells how much that was.
inline std::size_t message_marks::take(std::span<std::byte const> bytes)
{
    bool const in_head = taken_ < head_.size() && (taken_ < length_at() + 4 || taken_ < size());
    if (in_head) head_[taken_] = bytes[0];
    auto const count = in_head ? 1 : std::min(size() - taken_, bytes.size());
    taken_ += count;
    return count;
}

inline std::uint32_t message_marks::number_at(std::size_t at) const
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | std::to_integer<std::uint32_t>(head_[at + i]);
    return number;
}

inline char message_marks::type() const
{
    if (with_types_) return static_cast<char>(head_[0]);
    auto const code = number_at(4);
    bool const tls = code == 80'877'103;
    bool const gssapi = code == 80'877'104;
    return tls || gssapi ? asks_for_encryption : startup;
}

// ------------------------------------------------------------------------------ what is to be done

inline void postgres_cuts::shared_state::set(plan p)
{
    std::lock_guard const lock(mutex_);
    plan_ = std::move(p);
    requests_ = 0;
    happened_ = 0;
}

inline void postgres_cuts::shared_state::add(unsigned n, when w)
{
    std::lock_guard const lock(mutex_);
    plan_[n] = w;
}

/// Counts a request and tells what becomes of it.
inline postgres_cuts::when postgres_cuts::shared_state::count_one()
{
    std::lock_guard const lock(mutex_);
    auto const found = plan_.find(++requests_);
    return found == plan_.end() ? when::never : found->second;
}

inline void postgres_cuts::shared_state::has_happened()
{
    std::lock_guard const lock(mutex_);
    ++happened_;
}

inline unsigned postgres_cuts::shared_state::requests() const
{
    std::lock_guard const lock(mutex_);
    return requests_;
}

inline bool postgres_cuts::shared_state::happened() const
{
    std::lock_guard const lock(mutex_);
    return !plan_.empty() && happened_ == plan_.size();
}

class postgres_cuts::watcher : public connection_watcher {
public:
    explicit watcher(std::shared_ptr<shared_state> state) : state_(std::move(state)) {}

    verdict from_client(std::span<std::byte const> bytes) override
    {
        if (fate_ != when::never) return {0};
        for (auto const& [what, type, at] : client_.read(bytes)) {
            bool const request = type == 'S' || type == 'Q';
            if (what == message_marks::kind::begins) {
                if (request) next_ = state_->count_one();
                if (next_ != when::before) continue;
                fate_ = next_;
                last_ = asked_;
                return {at, cut_if_ready()};
            }
            if (type == message_marks::asks_for_encryption) server_.skip_one();  // its "no"
            if (request || type == 'F' || type == message_marks::startup) ++asked_;
            if (next_ != when::after) continue;
            fate_ = next_;
            last_ = asked_;
            return {at};
        }
        return {bytes.size()};
    }

    verdict from_server(std::span<std::byte const> bytes) override
    {
        std::size_t pass = is_hidden() ? 0 : bytes.size();
        for (auto const& [what, type, at] : server_.read(bytes)) {
            if (what == message_marks::kind::begins || type != 'Z') continue;
            bool const was_hidden = is_hidden();
            ++ready_;
            if (cut_if_ready()) return {was_hidden ? pass : at, true};
            if (is_hidden()) pass = at;
        }
        return {pass};
    }

private:
    /// Whether what the server says now is the answer that must not arrive.
    [[nodiscard]] bool is_hidden() const { return fate_ == when::after && ready_ + 1 >= last_; }

    /// The last answer is waited for, since a server that finds its client gone leaves undone what
    /// it has not begun.
    [[nodiscard]] bool cut_if_ready()
    {
        bool const cut = fate_ != when::never && ready_ == last_;
        if (cut) state_->has_happened();
        return cut;
    }

    std::shared_ptr<shared_state> state_;
    message_marks client_ = message_marks::of_client();
    message_marks server_ = message_marks::of_server();
    when next_ = when::never;  // what becomes of the request that the client is sending
    when fate_ = when::never;  // what has become of it; the client is not listened to any more
    unsigned asked_ = 0;  // what is answered with ReadyForQuery: startup, Sync, Query, FunctionCall
    unsigned ready_ = 0;  // so often it was
    unsigned last_ = 0;   // of those asked, the last that the server gets
};

inline fault_proxy::watch postgres_cuts::watch() const
{
    return [state = state_] { return std::make_unique<watcher>(state); };
}

}  // namespace aircargo::test
