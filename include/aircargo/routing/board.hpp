#pragma once

#include <aircargo/routing/lane.hpp>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace aircargo {

/// All lanes that leave one airport, or all that arrive there, by the number of the other end. A
/// row of bits says which airports those are, so that two boards are joined by AND, and counting
/// the bits before one gives the place of its lane without a look-up.
template <lane_form Lane>
class board {
public:
    board() = default;
    /// \pre the lanes ascend by their other end
    explicit board(std::vector<Lane> lanes) : lanes_(std::move(lanes)) { index(); }

    [[nodiscard]] std::span<Lane const> lanes() const noexcept { return lanes_; }

    /// The lane to or from this airport; null where nobody flies.
    [[nodiscard]] Lane const* find(airport_index other_end) const noexcept
    {
        std::size_t const w = other_end / 64U;
        auto const bit = std::uint64_t{1} << (other_end % 64U);
        if (w >= row_.size() || (row_[w].bits & bit) == 0) return nullptr;
        return &lane_at(row_[w], bit);
    }

    /// Calls `use(lane of this board, lane of the other)` for every airport that both have.
    template <class Use>
    void for_each_common(board const& other, Use use) const
    {
        auto const words = std::min(row_.size(), other.row_.size());
        for (std::size_t w = 0; w < words; ++w) {
            auto const& mine = row_[w];
            auto const& theirs = other.row_[w];
            for (auto both = mine.bits & theirs.bits; both != 0; both &= both - 1) {
                auto const bit = both & (~both + 1);
                use(lane_at(mine, bit), other.lane_at(theirs, bit));
            }
        }
    }

    /// A board with one lane replaced or added. What the replaced lane's memory belongs to is let
    /// go; `keep` is held for the new one.
    [[nodiscard]] board with(Lane const& changed, std::shared_ptr<void const> keep) const;

    /// Bytes that this board takes, without the flights.
    [[nodiscard]] std::size_t memory() const noexcept
    {
        return sizeof *this + row_.size() * sizeof(word) + lanes_.size() * sizeof(Lane);
    }

private:
    struct word {
        std::uint64_t bits = 0;
        std::uint32_t before = 0;  // set bits in the words before
    };

    void index()
    {
        row_.assign(lanes_.empty() ? 0 : lanes_.back().other_end() / 64U + 1, {});
        for (auto const& l : lanes_) {
            row_[l.other_end() / 64U].bits |= std::uint64_t{1} << (l.other_end() % 64U);
        }
        std::uint32_t before = 0;
        for (auto& w : row_) {
            w.before = before;
            before += static_cast<std::uint32_t>(std::popcount(w.bits));
        }
    }
    [[nodiscard]] Lane const& lane_at(word const& w, std::uint64_t bit) const noexcept
    {
        return lanes_[w.before + static_cast<unsigned>(std::popcount(w.bits & (bit - 1)))];
    }

    std::vector<word> row_;  // up to the last airport that has a lane
    std::vector<Lane> lanes_;
    std::vector<std::shared_ptr<void const>> kept_;  // by lane; empty as long as none was replaced
};

template <lane_form Lane>
board<Lane> board<Lane>::with(Lane const& changed, std::shared_ptr<void const> keep) const
{
    board copy = *this;
    // Boards that keep nothing alive have no list, which is dear to copy.
    if (keep) copy.kept_.resize(lanes_.size());
    auto const at = std::lower_bound(
        copy.lanes_.begin(), copy.lanes_.end(), changed.other_end(),
        [](Lane const& l, airport_index other_end) { return l.other_end() < other_end; });
    auto const nth = at - copy.lanes_.begin();
    if (at != copy.lanes_.end() && at->other_end() == changed.other_end()) {
        *at = changed;
        if (!copy.kept_.empty()) copy.kept_[static_cast<std::size_t>(nth)] = std::move(keep);
    } else {
        copy.lanes_.insert(at, changed);
        if (!copy.kept_.empty() || keep)
            copy.kept_.insert(copy.kept_.begin() + nth, std::move(keep));
        copy.index();
    }
    return copy;
}

}  // namespace aircargo
