#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aircargo {

/// What waits in front of a batch: hands out batches in which no key stands twice, nor one that is
/// still in an unfinished batch. Items of one key come out in the order in which they went in.
///
/// An item whose key is taken parks behind it, so every operation costs the same however many wait
/// for one key. Not thread-safe; knows no clock and no thread, so that a simulation can drive it as
/// well as the funnel.
template <class Item, class Key>
class gather_queue {
public:
    explicit gather_queue(std::size_t capacity) : capacity_(capacity) {}

    /// Takes an item in; without a key it never waits for another. Leaves `item` alone and answers
    /// false when full.
    [[nodiscard]] bool push(std::optional<Key> key, Item&& item);

    /// Takes out up to `max` items whose keys are free; each key is then taken until `finish`.
    [[nodiscard]] std::vector<std::pair<std::optional<Key>, Item>> take(std::size_t max);

    /// Frees a key that `take` handed out.
    void finish(std::optional<Key> const& key);

    [[nodiscard]] bool ready() const noexcept { return !ready_.empty(); }
    /// Items that went in and were not taken.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

private:
    using entry = std::pair<std::optional<Key>, Item>;

    std::size_t capacity_;
    std::size_t waiting_ = 0;
    std::deque<entry> ready_;
    std::unordered_map<Key, std::list<entry>>
        taken_;  // keys in `ready_` or handed out, and who waits for them
};

template <class Item, class Key>
bool gather_queue<Item, Key>::push(std::optional<Key> key, Item&& item)
{
    if (waiting_ == capacity_) return false;
    ++waiting_;
    if (key) {
        auto const [taken, is_free] = taken_.try_emplace(*key);
        if (!is_free) {
            taken->second.emplace_back(std::move(key), std::move(item));
            return true;
        }
    }
    ready_.emplace_back(std::move(key), std::move(item));
    return true;
}

template <class Item, class Key>
std::vector<std::pair<std::optional<Key>, Item>> gather_queue<Item, Key>::take(std::size_t max)
{
    std::vector<entry> batch;
    batch.reserve(std::min(max, ready_.size()));
    while (batch.size() < max && !ready_.empty()) {
        batch.push_back(std::move(ready_.front()));
        ready_.pop_front();
    }
    waiting_ -= batch.size();
    return batch;
}

template <class Item, class Key>
void gather_queue<Item, Key>::finish(std::optional<Key> const& key)
{
    if (!key) return;
    auto const taken = taken_.find(*key);
    if (taken->second.empty()) {
        taken_.erase(taken);
        return;
    }
    ready_.push_back(std::move(taken->second.front()));
    taken->second.pop_front();
}

}  // namespace aircargo
