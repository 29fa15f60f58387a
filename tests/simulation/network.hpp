#pragma once

#include "simulation/chance.hpp"
#include "simulation/redis_server.hpp"
#include "simulation/scheduler.hpp"
#include <aircargo/redis/node.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aircargo::simulation {

/// What can go wrong, and how often: one of so many, 0 for never.
struct faults {
    std::uint64_t slow = 0;            ///< a message takes long
    std::uint64_t request_lost = 0;    ///< Redis does not hear
    std::uint64_t answer_lost = 0;     ///< Redis does, and is not heard
    std::uint64_t cut_in_between = 0;  ///< Redis hears the first part of a pipeline
    std::uint64_t store_fails = 0;     ///< nothing happened
    std::uint64_t store_unknown = 0;   ///< it happened, or will soon, and nobody is told
    std::uint64_t pause = 0;           ///< an instance stands still where it calls a port
};

/// A process of the simulated world. Its tasks call ports, and there it can stand still or be gone.
class instance_life {
public:
    instance_life(scheduler& s, chance& random, faults& what)
        : scheduler_(s), random_(random), faults_(what)
    {}

    /// Where a task enters or leaves a port. \throws crashed
    void cross()
    {
        auto* const t = scheduler_.running();
        if (dead_) {
            t->unwinding = true;
            throw crashed{};
        }
        if (faults_.pause != 0 && random_.one_in(faults_.pause)) {
            stands_until_ =
                scheduler_.now() + random_.between(std::chrono::milliseconds(1), longest_pause);
            scheduler_.note("pause");
        }
        while (scheduler_.now() < stands_until_) scheduler_.sleep_until(stands_until_);
        if (dead_) {
            t->unwinding = true;
            throw crashed{};
        }
    }
    /// Whether a task only cleans up after a crash, and is to be let go.
    [[nodiscard]] bool is_unwinding() const { return scheduler_.running()->unwinding; }

    void die() { dead_ = true; }
    [[nodiscard]] bool is_dead() const noexcept { return dead_; }

    std::chrono::milliseconds longest_pause{2'500};

private:
    scheduler& scheduler_;
    chance& random_;
    faults& faults_;
    time_point stands_until_{};
    bool dead_ = false;
};

/// The way from one instance to one Redis.
class redis_link final : public redis_node {
public:
    redis_link(scheduler& s, chance& random, faults const& what,
               std::shared_ptr<redis_server> server, std::shared_ptr<instance_life> from)
        : scheduler_(s),
          random_(random),
          faults_(what),
          server_(std::move(server)),
          from_(std::move(from))
    {}

    bool broken = false;          ///< nothing goes through
    bool* server_down = nullptr;  ///< of the server, for all its links

    [[nodiscard]] bool leads_to(redis_server const& server) const
    {
        return &server == server_.get();
    }

    std::unique_ptr<exchange> start(std::vector<redis_command> commands) override;
    redis_state state() const override { return {.up = scheduler_.now() >= away_until_}; }

private:
    struct letter {
        bool arrived = false;
        redis_answers answers;
        task* waiting = nullptr;
    };
    class sent final : public exchange {
    public:
        sent(redis_link& on, std::shared_ptr<letter> l, time_point by)
            : on_(on), letter_(std::move(l)), by_(by)
        {}
        result<redis_answers> finish() override;

    private:
        redis_link& on_;
        std::shared_ptr<letter> letter_;
        time_point by_;
    };
    class unsent final : public exchange {
    public:
        result<redis_answers> finish() override { return refuse(errc::backend_down, "away"); }
    };

    void execute(std::shared_ptr<letter> const& l, std::vector<redis_command> commands,
                 std::string const& run);
    [[nodiscard]] std::chrono::microseconds latency()
    {
        using namespace std::chrono_literals;
        bool const slow = faults_.slow != 0 && random_.one_in(faults_.slow);
        return slow ? random_.between(1ms, 120ms) : random_.between(20us, 400us);
    }
    [[nodiscard]] bool happens(std::uint64_t one_in)
    {
        return one_in != 0 && random_.one_in(one_in);
    }

    static constexpr std::chrono::milliseconds timeout{100};

    scheduler& scheduler_;
    chance& random_;
    faults const& faults_;
    std::shared_ptr<redis_server> server_;
    std::shared_ptr<instance_life> from_;
    time_point away_until_{};
};

inline std::unique_ptr<redis_node::exchange> redis_link::start(std::vector<redis_command> commands)
{
    if (from_->is_unwinding()) return std::make_unique<unsent>();
    from_->cross();
    if (scheduler_.now() < away_until_) return std::make_unique<unsent>();
    auto l = std::make_shared<letter>();
    if (!broken && !*server_down && !happens(faults_.request_lost)) {
        auto const run = server_->run_id();  // of the connection
        scheduler_.after(latency(), [this, l, commands = std::move(commands), run]() mutable {
            execute(l, std::move(commands), run);
        });
    }
    return std::make_unique<sent>(*this, std::move(l), scheduler_.now() + timeout);
}

inline void redis_link::execute(std::shared_ptr<letter> const& l,
                                std::vector<redis_command> commands, std::string const& run)
{
    if (broken || *server_down || server_->run_id() != run) return;
    bool const cut = happens(faults_.cut_in_between);
    auto const heard = cut ? random_.below(commands.size()) : commands.size();
    redis_answers answers{{}, run};
    for (std::size_t i = 0; i < heard; ++i)
        answers.replies.push_back(server_->execute(commands[i]));
    scheduler_.note("redis executes", heard, commands.size());
    if (cut || happens(faults_.answer_lost)) return;
    scheduler_.after(latency(), [this, l, answers = std::move(answers)]() mutable {
        if (broken) return;
        l->answers = std::move(answers);
        l->arrived = true;
        if (l->waiting != nullptr) scheduler_.wake(*l->waiting);
    });
}

inline result<redis_answers> redis_link::sent::finish()
{
    if (on_.from_->is_unwinding()) return refuse(errc::backend_down, "crashed");
    letter_->waiting = on_.scheduler_.running();
    bool const arrived = on_.scheduler_.wait_until(by_, letter_->arrived);
    letter_->waiting = nullptr;
    if (!arrived) {
        using namespace std::chrono_literals;
        on_.away_until_ = on_.scheduler_.now() + on_.random_.between(5ms, 100ms);
        on_.scheduler_.note("redis does not answer");
    }
    on_.from_->cross();
    if (!arrived) return refuse(errc::backend_down, "no answer");
    return std::move(letter_->answers);
}

}  // namespace aircargo::simulation
