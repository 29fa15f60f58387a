#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace aircargo::server {

/// Counts who listens, so that neither all together nor one caller are too many. Thread-safe.
class seats : public std::enable_shared_from_this<seats> {
public:
    /// One place, given back when it goes.
    class seat {
    public:
        seat(std::shared_ptr<seats> of, std::string caller)
            : of_(std::move(of)), caller_(std::move(caller))
        {}
        ~seat() { of_->leave(caller_); }
        seat(seat const&) = delete;
        seat& operator=(seat const&) = delete;

    private:
        std::shared_ptr<seats> of_;
        std::string caller_;
    };

    enum class refusal { all_taken, caller_has_enough };
    struct answer {
        std::unique_ptr<seat> given;  ///< null when refused
        refusal why = refusal::all_taken;
    };

    seats(std::size_t most, std::size_t most_of_one) : most_(most), most_of_one_(most_of_one) {}

    [[nodiscard]] answer take(std::string const& caller)
    {
        std::scoped_lock const lock(mutex_);
        if (taken_ >= most_) return {nullptr, refusal::all_taken};
        auto const found = by_caller_.find(caller);
        if (found != by_caller_.end() && found->second >= most_of_one_)
            return {nullptr, refusal::caller_has_enough};
        auto given = std::make_unique<seat>(shared_from_this(), caller);
        ++taken_;
        ++by_caller_[caller];
        return {std::move(given)};
    }
    [[nodiscard]] std::size_t taken() const
    {
        std::scoped_lock const lock(mutex_);
        return taken_;
    }

private:
    void leave(std::string const& caller)
    {
        std::scoped_lock const lock(mutex_);
        --taken_;
        auto const found = by_caller_.find(caller);
        if (--found->second == 0) by_caller_.erase(found);
    }

    std::size_t const most_;
    std::size_t const most_of_one_;
    mutable std::mutex mutex_;
    std::size_t taken_ = 0;
    std::unordered_map<std::string, std::size_t> by_caller_;
};

}  // namespace aircargo::server
