#include "support/printers.hpp"
#include "support/private_redis.hpp"
#include "support/seed.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/cache/redis.hpp>
#include <gtest/gtest.h>
#include <array>
#include <cstddef>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::test {
namespace {

using namespace std::chrono_literals;

/// What a cache was asked and said, with numbers in the order of their coming in place of tokens
/// and owners.
class told_cache {
public:
    explicit told_cache(any_cache& cache) : cache_(cache) {}

    std::string get(std::vector<cache_key> const& keys)
    {
        std::ostringstream out;
        for (auto const& answer : cache_.get(keys)) {
            out << (answer.value ? "'" + *answer.value + "'" : "-");
            if (answer.token == 0) continue;
            tokens_.push_back(answer.token);
            out << " token " << tokens_.size();
        }
        return out.str();
    }
    /// With the tokens of these numbers.
    std::string fill(std::vector<cache_entry> entries, std::vector<std::size_t> const& tokens)
    {
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (tokens[i] < tokens_.size()) entries[i].token = tokens_[tokens[i]];
        return cache_.fill(entries) ? "heard" : "unheard";
    }
    std::string hold(std::vector<cache_hold> const& wanted)
    {
        std::ostringstream out;
        for (auto const& held : cache_.hold(wanted, 1h)) {
            if (held) {
                leases_.push_back(*held);
                out << "lease " << leases_.size() << " of " << held->name << ' ';
            } else {
                out << name_of(held.error().code) << ' ';
            }
        }
        return out.str();
    }
    std::string settle(std::size_t lease, std::vector<cache_entry> const& fresh)
    {
        auto const ended = cache_.settle(std::vector<cache_settlement>{{leases_[lease], fresh}});
        return ended.front() == hold_end::in_time ? "in time" : "late";
    }

    [[nodiscard]] std::vector<fill_token> const& tokens() const { return tokens_; }
    [[nodiscard]] std::vector<lease> const& leases() const { return leases_; }

private:
    any_cache& cache_;
    std::vector<fill_token> tokens_;
    std::vector<lease> leases_;
};

/// Draws what is asked next. Prefers the newest tokens and leases, which alone may still count.
class random_asker {
public:
    random_asker(std::uint64_t seed, told_cache& first, told_cache& second)
        : random_(seed), first_(first), second_(second)
    {}

    /// The question, and how they answered: the same, if all is well.
    struct step {
        std::string question;
        std::string first;
        std::string second;
    };
    step next()
    {
        switch (between(random_, 0, 9)) {
            case 0:
            case 1:
            case 2: return get();
            case 3:
            case 4:
            case 5:
            case 6: return fill();
            case 7: return hold();
            default: return first_.leases().empty() ? hold() : settle();
        }
    }

private:
    static constexpr std::array kinds{"booking:", "history:"};
    static constexpr std::array things{"a", "b", "c"};

    [[nodiscard]] cache_key some_key()
    {
        std::string const thing = one_of(random_, things);
        return {one_of(random_, kinds) + thing, "g:" + thing};
    }
    [[nodiscard]] cache_entry some_entry(cache_key key)
    {
        auto const revision = between<std::int64_t>(random_, 1, 5);
        auto const written = ++values_;
        return {std::move(key), "v" + std::to_string(written), revision, std::chrono::hours(1), 0};
    }
    /// Mostly one of the last few, if there are any.
    [[nodiscard]] std::size_t recent(std::size_t count)
    {
        std::size_t const back = chance(random_, 0.8) ? 4 : count;
        return between<std::size_t>(random_, count > back ? count - back : 0, count - 1);
    }

    [[nodiscard]] step get()
    {
        std::vector<cache_key> keys;
        for (int n = between(random_, 1, 3); n > 0; --n) keys.push_back(some_key());
        std::string question = "get";
        for (auto const& key : keys) question += " " + key.key;
        return {question, first_.get(keys), second_.get(keys)};
    }
    [[nodiscard]] step fill()
    {
        std::vector<cache_entry> entries;
        std::vector<std::size_t> tokens;
        std::string question = "fill";
        for (int n = between(random_, 1, 3); n > 0; --n) {
            entries.push_back(some_entry(some_key()));
            auto const known = first_.tokens().size();
            tokens.push_back(known > 0 && chance(random_, 0.8) ? recent(known) : known);
            question += " " + entries.back().key.key + "=" + entries.back().value + " rev " +
                        std::to_string(entries.back().revision) + " token " +
                        std::to_string(tokens.back() + 1);
        }
        return {question, first_.fill(entries, tokens), second_.fill(entries, tokens)};
    }
    [[nodiscard]] step hold()
    {
        std::vector<cache_hold> wanted;
        std::string question = "hold";
        for (int n = between(random_, 1, 2); n > 0; --n) {
            std::string const thing = one_of(random_, things);
            wanted.push_back({"g:" + thing, {"booking:" + thing, "history:" + thing}});
            question += " " + thing;
        }
        return {question, first_.hold(wanted), second_.hold(wanted)};
    }
    [[nodiscard]] step settle()
    {
        auto const which = recent(first_.leases().size());
        auto const guard = first_.leases()[which].name;
        std::vector<cache_entry> fresh;
        for (std::string const kind : kinds)
            if (chance(random_, 0.5)) fresh.push_back(some_entry({kind + guard.substr(2), guard}));
        std::string question = "settle " + std::to_string(which + 1);
        for (auto const& e : fresh) question += " " + e.key.key + "=" + e.value;
        return {question, first_.settle(which, fresh), second_.settle(which, fresh)};
    }

    random_source random_;
    told_cache& first_;
    told_cache& second_;
    int values_ = 0;
};

/// One is the reference of the other: what runs inside Redis is what runs in memory.
TEST(redis_cache_and_memory_cache, answer_alike)
{
    private_redis& server = shared_redis();
    auto const in_memory = make_cache<memory_cache>(memory_cache::options{.token_ttl = 1h});
    auto const in_redis = make_cache<redis_cache>(
        open_redis(server.url()).value(), redis_cache_options{.longest_hold = 1h, .token_ttl = 1h});
    (void)in_redis->get(std::vector<cache_key>{{"opens", "the generation"}});
    (void)server.ask({"DEL", "aircargo:cache:quarantine"});
    told_cache first(*in_memory);
    told_cache second(*in_redis);
    random_asker asker(printed_seed(), first, second);

    std::map<std::string, int> seen;  // that the questions were worth asking
    std::string story;
    for (int i = 0; i < 20'000; ++i) {
        auto const [question, said, answered] = asker.next();
        story.append(question).append(": ").append(said).append("\n");
        ASSERT_EQ(said, answered) << "after\n"
                                  << story.substr(story.size() > 2'000 ? story.size() - 2'000 : 0);
        auto const word = question.substr(0, question.find(' '));
        ++seen[word == "get" && said.find('\'') != std::string::npos ? "hit" : word];
        if (word == "settle") ++seen[said];
    }
    for (auto const* const what : {"get", "hit", "fill", "hold", "in time", "late"})
        EXPECT_GT(seen[what], 100) << what;
}

}  // namespace
}  // namespace aircargo::test
