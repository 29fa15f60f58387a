#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace aircargo::detail {

/// An array whose copies share all elements but those that were replaced since: elements lie behind
/// pointers, pointers in groups, and a replacement copies one group. Replacing and copying cost
/// about the square root of the size.
template <class T>
class shared_array {
public:
    shared_array() = default;
    /// Makes each element from one of `parts`.
    template <class Part>
    explicit shared_array(std::vector<Part> parts)
    {
        for (auto& part : parts) push_back(T(std::move(part)));
    }

    [[nodiscard]] T const& operator[](std::size_t i) const noexcept
    {
        return *(*groups_[i / group_size])[i % group_size];
    }

    void replace(std::size_t i, T value)
    {
        own(i / group_size)[i % group_size] = std::make_shared<T const>(std::move(value));
    }
    void push_back(T value)
    {
        if (size_ % group_size == 0) groups_.push_back(std::make_shared<group>());
        replace(size_++, std::move(value));
    }

private:
    static constexpr std::size_t group_size = 64;
    using group = std::array<std::shared_ptr<T const>, group_size>;

    /// The group, copied first if another array has it too.
    [[nodiscard]] group& own(std::size_t nth)
    {
        auto& g = groups_[nth];
        if (g.use_count() > 1) g = std::make_shared<group>(*g);
        return *g;
    }

    std::vector<std::shared_ptr<group>> groups_;
    std::size_t size_ = 0;
};

}  // namespace aircargo::detail
