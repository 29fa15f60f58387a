#include "support/store_words.hpp"
#include <gtest/gtest.h>
#include <cstdlib>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aircargo::test {
namespace {

/// Notes references and counts those that came before. A bit for each: ten million of them take
/// little room.
class seen_refs {
public:
    void add(ref_block block)
    {
        std::scoped_lock const lock(mutex_);
        while (!block.empty()) {
            auto const ref = block.take();
            auto& of_length = seen_.at(ref.digits());
            if (ref.number() >= of_length.size()) of_length.resize(ref.number() + 1);
            if (of_length[ref.number()]) ++duplicates;
            of_length[ref.number()] = true;
            ++drawn;
        }
    }

    std::uint64_t drawn = 0;
    std::uint64_t duplicates = 0;

private:
    std::mutex mutex_;
    std::vector<std::vector<bool>> seen_ =
        std::vector<std::vector<bool>>(booking_ref::max_digits + 1);
};

template <class Backend>
class ref_contract : public store_test<Backend> {};
TYPED_TEST_SUITE(ref_contract, store_backends, backend_names);

TYPED_TEST(ref_contract, hands_out_as_many_as_asked_for)
{
    EXPECT_EQ(this->store.reserve_refs(0)->size(), 0U);
    EXPECT_EQ(this->store.reserve_refs(1)->size(), 1U);
    EXPECT_EQ(this->store.reserve_refs(1000)->size(), 1000U);
}

TYPED_TEST(ref_contract, starts_with_five_digits)
{
    EXPECT_EQ(this->store.reserve_refs(1)->take().digits(), 5U);
}

TYPED_TEST(ref_contract, goes_on_to_six_digits_within_a_block)
{
    (void)this->store.reserve_refs(99'999);
    auto block = this->store.reserve_refs(2).value();
    EXPECT_EQ(block.take().digits(), 5U);
    EXPECT_EQ(block.take().digits(), 6U);
}

TYPED_TEST(ref_contract, uses_a_key_of_its_own_for_each_store)
{
    TypeParam other;
    auto ours = this->store.reserve_refs(3).value();
    auto theirs = other.bookings->reserve_refs(3).value();
    int same = 0;
    while (!ours.empty()) same += ours.take() == theirs.take() ? 1 : 0;
    EXPECT_LT(same, 3);
}

TYPED_TEST(ref_contract, hands_nothing_out_twice_to_many_threads)
{
    seen_refs seen;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 10; ++n) seen.add(this->store.reserve_refs(2500).value());
        });
    }
    for (auto& t : threads) t.join();
    EXPECT_EQ(seen.drawn, 200'000U);
    EXPECT_EQ(seen.duplicates, 0U);
}

/// How many to draw from a file by two programs; `AIRCARGO_REF_DRAWS=10000000` for the long run.
std::uint64_t draws()
{
    char const* const asked = std::getenv("AIRCARGO_REF_DRAWS");
    return asked ? std::stoull(asked) : 200'000;
}

TEST(sqlite_refs, are_never_handed_out_twice_by_two_programs_that_start_again_and_again)
{
    temp_folder const folder;
    auto const path = folder / "aircargo.db";
    constexpr std::uint64_t starts = 5;
    auto const blocks = draws() / 2 / starts / 1000;
    seen_refs seen;
    for (std::uint64_t start = 0; start < starts; ++start) {
        auto const program = [&] {
            sqlite_booking_store store(sqlite_database::open(path).value());
            for (std::uint64_t n = 0; n < blocks; ++n) seen.add(store.reserve_refs(1000).value());
        };
        auto other = std::async(std::launch::async, program);
        program();
        other.get();
    }
    EXPECT_EQ(seen.drawn, 2 * starts * blocks * 1000);
    EXPECT_EQ(seen.duplicates, 0U);
}

TEST(sqlite_refs, keep_their_key_with_the_file)
{
    temp_folder const folder;
    auto const path = folder / "aircargo.db";
    auto const all = [&] {
        std::vector<booking_ref> refs;
        for (int start = 0; start < 4; ++start) {
            auto block = sqlite_booking_store(sqlite_database::open(path).value())
                             .reserve_refs(25'000)
                             .value();
            while (!block.empty()) refs.push_back(block.take());
        }
        return refs;
    }();
    // Only one key makes a bijection of all five-digit references.
    std::vector<bool> used(100'000);
    for (auto const& ref : all) used.at(ref.number()) = true;
    EXPECT_EQ(std::count(used.begin(), used.end(), true), 100'000);
}

}  // namespace
}  // namespace aircargo::test
