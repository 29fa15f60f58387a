// A PostgreSQL store as it grows, for benchmarks/postgres/scale.py.
//   postgres_scale load URL BOOKINGS
//   postgres_scale read SMALL_URL BOOKINGS BIG_URL BOOKINGS
// Loading prints bookings and rows a second. Reading asks both stores in turns and prints a line
// for each kind of question, in us: name|small p50|small p99|big p50|big p99|samples.

#include "made_up_bookings.hpp"
#include <aircargo/store/postgres.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace aircargo::bench {
namespace {

using clock_type = std::chrono::steady_clock;
using microseconds = std::chrono::duration<double, std::micro>;

// ----------------------------------------------------------------------------------------- loading

class loader {
public:
    loader(std::string const& url, std::uint64_t bookings)
        : db_(postgres_database::open(url).value()),
          made_up_(postgres_flight_store(db_).upsert(made_up_bookings::flights_needed()).value()),
          bookings_(bookings)
    {}

    void run()
    {
        auto const began = clock_type::now();
        {
            std::jthread const second([this] { load(); });
            load();
        }
        auto const seconds = std::chrono::duration<double>(clock_type::now() - began).count();
        std::printf("%.0f bookings a second, %.0f rows a second, %.0f s\n",
                    static_cast<double>(bookings_) / seconds, static_cast<double>(rows_) / seconds,
                    seconds);
    }

private:
    static constexpr std::uint64_t chunk = 10'000;

    void load()
    {
        for (;;) {
            auto const from = next_.fetch_add(chunk);
            if (from >= bookings_) return;
            std::vector<booking_record> records;
            std::uint64_t rows = 0;
            for (auto n = from; n < std::min(from + chunk, bookings_); ++n) {
                records.push_back(made_up_.record(n));
                rows += 1 + records.back().history.size() + records.back().now.terms.legs.size();
            }
            load_bookings(*db_, records).value();
            rows_ += rows;
        }
    }

    std::shared_ptr<postgres_database> db_;
    made_up_bookings made_up_;
    std::uint64_t bookings_;
    std::atomic<std::uint64_t> next_ = 0;
    std::atomic<std::uint64_t> rows_ = 0;
};

// ----------------------------------------------------------------------------------------- reading

/// One of the two stores, with what was asked of it.
struct asked_store {
    postgres_booking_store store;
    std::uint64_t bookings;
    std::mt19937_64 random{42};
    std::vector<double> took{};  // us

    asked_store(std::string const& url, std::uint64_t count)
        : store(postgres_database::open(url, {.connections = 1}).value()), bookings(count)
    {}

    [[nodiscard]] std::uint64_t some_number() { return random() % bookings; }
    [[nodiscard]] double percentile(double share)
    {
        std::sort(took.begin(), took.end());
        return took.at(static_cast<std::size_t>(share * static_cast<double>(took.size() - 1)));
    }
};

[[noreturn]] void fail(error const& why)
{
    std::fprintf(stderr, "%s\n", why.detail.c_str());
    std::exit(1);
}

/// Asks one question.
using question = std::function<void(asked_store&)>;

void ask_once(asked_store& s, question const& q)
{
    auto const began = clock_type::now();
    q(s);
    s.took.push_back(microseconds(clock_type::now() - began).count());
}

/// Both in turns, so that a slow moment of the machine weighs on both.
void compare(asked_store& small, asked_store& big, std::string const& name, question const& q)
{
    constexpr std::size_t most = 2'000;
    constexpr std::size_t least = 20;
    constexpr auto time = std::chrono::seconds(8);
    for (int i = 0; i < 5; ++i) {
        q(small);
        q(big);
    }
    small.took.clear();
    big.took.clear();
    auto const until = clock_type::now() + time;
    while (small.took.size() < least || (small.took.size() < most && clock_type::now() < until)) {
        ask_once(small, q);
        ask_once(big, q);
    }
    std::printf("%s|%.0f|%.0f|%.0f|%.0f|%zu\n", name.c_str(), small.percentile(0.5),
                small.percentile(0.99), big.percentile(0.5), big.percentile(0.99),
                small.took.size());
    std::fflush(stdout);
}

[[nodiscard]] question list_of(std::function<void(asked_store&, booking_query&)> filter,
                               std::size_t count_up_to)
{
    return [filter = std::move(filter), count_up_to](asked_store& s) {
        booking_query query;
        query.count_up_to = count_up_to;
        filter(s, query);
        if (auto const page = s.store.list(query); page.has_error()) fail(page.error());
    };
}

[[nodiscard]] booking_status some_status(asked_store& s)
{
    using enum booking_status;
    constexpr std::array all{booked, departed, arrived, delivered, cancelled};
    return all.at(s.random() % all.size());
}

/// The place of the 10,000th page, or half way down where there are not so many.
[[nodiscard]] std::uint64_t deep(asked_store const& s)
{
    return std::min<std::uint64_t>(500'000, s.bookings / 2);
}

[[nodiscard]] booking_ref some_ref(asked_store& s)
{
    return made_up_bookings::ref(s.some_number());
}

struct named_filter {
    char const* name;
    std::function<void(asked_store&, booking_query&)> filter;
};

[[nodiscard]] airport_code some_airport(asked_store& s)
{
    return made_up_bookings::airport(made_up_bookings::some_airport(s.random));
}

[[nodiscard]] std::vector<named_filter> filters()
{
    auto const some_day = [](asked_store& s, booking_query& q) {
        q.created_from = made_up_bookings::created_at(s.some_number());
        q.created_to = *q.created_from + std::chrono::hours(24);
    };
    auto const some_prefix = [](asked_store& s, booking_query& q) {
        constexpr std::size_t two_digits = 5;
        q.prefix = ref_prefix::parse(some_ref(s).str().substr(0, two_digits)).value();
        q.order = list_order::by_reference;
    };
    return {
        {"no filter", [](asked_store&, booking_query&) {}},
        {"oldest first",
         [](asked_store&, booking_query& q) { q.order = list_order::oldest_first; }},
        {"a prefix", some_prefix},
        {"a prefix and status",
         [some_prefix](asked_store& s, booking_query& q) {
             some_prefix(s, q);
             q.status = some_status(s);
         }},
        {"status", [](asked_store& s, booking_query& q) { q.status = some_status(s); }},
        {"origin", [](asked_store& s, booking_query& q) { q.origin = some_airport(s); }},
        {"destination", [](asked_store& s, booking_query& q) { q.destination = some_airport(s); }},
        {"lane",
         [](asked_store& s, booking_query& q) {
             q.origin = some_airport(s);
             q.destination = some_airport(s);
         }},
        {"a day", some_day},
        {"a day and origin",
         [some_day](asked_store& s, booking_query& q) {
             some_day(s, q);
             q.origin = some_airport(s);
         }},
        {"page 10,000 by cursor",
         [](asked_store& s, booking_query& q) {
             auto const last = made_up_bookings::created_at(s.bookings - deep(s));
             q.cursor = cursor_of({last, 1});
         }},
        {"page 10,000 by number",
         [](asked_store& s, booking_query& q) { q.page = deep(s) / q.page_size; }},
    };
}

void find_one(asked_store& s)
{
    auto const ref = some_ref(s);
    if (auto const found = s.store.find({&ref, 1}).front(); found.has_error()) fail(found.error());
}

void history_of_one(asked_store& s)
{
    auto const ref = some_ref(s);
    if (auto const found = s.store.history({&ref, 1}).front(); found.has_error())
        fail(found.error());
}

void figures_of_a_day(asked_store& s)
{
    auto const from = made_up_bookings::created_at(s.some_number());
    if (auto const found = s.store.figures({from, from + std::chrono::hours(24)});
        found.has_error())
        fail(found.error());
}

void read(asked_store& small, asked_store& big, std::string_view word)
{
    auto const ask = [&](std::string const& name, question const& q) {
        if (name.find(word) != std::string::npos) compare(small, big, name, q);
    };
    ask("find one", find_one);
    ask("history of one", history_of_one);
    ask("figures of a day", figures_of_a_day);
    for (auto const& [name, filter] : filters()) {
        ask(std::string("list, ") + name, list_of(filter, 0));
        ask(std::string("list, ") + name + ", counted",
            list_of(filter, booking_query().count_up_to));
    }
}

[[nodiscard]] int run(std::vector<std::string> const& words)
{
    if (words.size() == 3 && words[0] == "load") {
        loader(words[1], std::stoull(words[2])).run();
        return 0;
    }
    if (words.size() >= 5 && words[0] == "read") {
        asked_store small(words[1], std::stoull(words[2]));
        asked_store big(words[3], std::stoull(words[4]));
        read(small, big, words.size() > 5 ? words[5] : "");
        return 0;
    }
    std::fputs("usage: postgres_scale load URL N | read SMALL_URL N BIG_URL N [WORD]\n", stderr);
    return 2;
}

}  // namespace
}  // namespace aircargo::bench

int main(int argc, char** argv)
{
    try {
        return aircargo::bench::run({argv + 1, argv + argc});
    } catch (std::exception const& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
