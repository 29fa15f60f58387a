#include "work_off.hpp"
#include <chrono>
#include <optional>
#include <random>
#include <thread>
#include <unordered_set>
#include <utility>
#include <variant>

namespace aircargo::python {
namespace {

using clock = std::chrono::steady_clock;

class worker {
public:
    worker(std::span<booking_request const> requests, run_batch const& run, retry_plan const& plan)
        : requests_(requests), run_(run), plan_(plan), answers_(requests.size())
    {
        for (std::size_t i = 0; i < requests.size(); ++i) open_.push_back(i);
    }

    [[nodiscard]] std::vector<result<booking>> work()
    {
        while (!open_.empty()) {
            auto const batch = next_batch();
            if (run(batch) == 0) wait_for_locks();
        }
        std::vector<result<booking>> out;
        out.reserve(answers_.size());
        for (auto& answer : answers_) out.push_back(*std::move(answer));
        return out;
    }

private:
    using indexes = std::vector<std::size_t>;

    /// Takes the next ones out of `open_`, no booking twice.
    [[nodiscard]] indexes next_batch()
    {
        indexes batch;
        indexes left;
        std::unordered_set<booking_ref> taken;
        for (auto i : open_) {
            auto const* const act = std::get_if<act_request>(&requests_[i]);
            bool const meets_nobody = !act || taken.insert(act->ref).second;
            (meets_nobody && batch.size() < largest_batch ? batch : left).push_back(i);
        }
        open_ = std::move(left);
        return batch;
    }

    /// \return how many were answered; the others stand in `open_` again, before all that follow
    [[nodiscard]] std::size_t run(indexes const& batch)
    {
        std::vector<booking_request> asked;
        asked.reserve(batch.size());
        for (auto i : batch) asked.push_back(requests_[i]);
        auto answered = run_(asked);

        indexes busy;
        for (std::size_t k = 0; k < batch.size(); ++k) {
            bool const is_busy =
                answered[k].has_error() && answered[k].error().code == errc::lock_busy;
            if (is_busy && may_wait()) {
                busy.push_back(batch[k]);
            } else {
                answers_[batch[k]] = std::move(answered[k]);
            }
        }
        open_.insert(open_.begin(), busy.begin(), busy.end());
        return batch.size() - busy.size();
    }

    [[nodiscard]] bool may_wait()
    {
        delay_ = plan_.delay_before(attempt_ + 1, random_(), clock::now() - started_);
        return delay_.has_value();
    }

    void wait_for_locks()
    {
        ++attempt_;
        std::this_thread::sleep_for(delay_.value_or(plan_.base));
    }

    std::span<booking_request const> requests_;
    run_batch const& run_;
    retry_plan const& plan_;
    std::vector<std::optional<result<booking>>> answers_;
    indexes open_;  // in the order in which they stand
    clock::time_point started_ = clock::now();
    std::mt19937_64 random_{std::random_device{}()};
    int attempt_ = 1;
    std::optional<std::chrono::milliseconds> delay_{};
};

}  // namespace

std::vector<result<booking>> work_off(std::span<booking_request const> requests,
                                      run_batch const& run, retry_plan const& plan)
{
    return worker(requests, run, plan).work();
}

}  // namespace aircargo::python
