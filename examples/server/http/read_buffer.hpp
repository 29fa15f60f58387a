#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace aircargo::server {

/// The bytes of a connection that were read but not worked off, in one piece. Starts small, since
/// most connections are idle or send little, and grows up to a bound.
class read_buffer {
public:
    static constexpr std::size_t start_size = 4 * 1024;
    static constexpr std::size_t max_size = 64 * 1024;

    [[nodiscard]] std::string_view view() const noexcept
    {
        return {data_.get() + begin_, end_ - begin_};
    }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] bool full() const noexcept { return end_ - begin_ == max_size; }

    /// Gives its memory back when it holds nothing and has become large. \pre no read is under way
    void give_back() noexcept
    {
        if (!empty() || size_ <= start_size) return;
        data_.reset();
        size_ = 0;
    }

    void consume(std::size_t size) noexcept
    {
        begin_ += size;
        if (begin_ == end_) begin_ = end_ = 0;
    }

    struct space {
        char* data;
        std::size_t size;
    };
    /// Room for the next read. \pre not full()
    [[nodiscard]] space prepare()
    {
        if (end_ == size_ && begin_ > 0) {
            std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        } else if (end_ == size_) {
            grow();
        }
        return {data_.get() + end_, size_ - end_};
    }
    /// `size` bytes of the room were filled.
    void commit(std::size_t size) noexcept { end_ += size; }

private:
    void grow()
    {
        auto const size = size_ == 0 ? start_size : std::min(max_size, 2 * size_);
        std::unique_ptr<char[]> larger(new char[size]);
        if (end_ > 0) std::memcpy(larger.get(), data_.get(), end_);
        data_ = std::move(larger);
        size_ = size;
    }

    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace aircargo::server
