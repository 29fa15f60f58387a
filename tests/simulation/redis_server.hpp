#pragma once

#include "simulation/scheduler.hpp"
#include <aircargo/redis/node.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace aircargo::simulation {

/// As much of Redis as the library uses: strings with a life, and scripts, which are the library's
/// own, run by the Lua that Redis has. Lives end by its own wall clock, which can be set.
class redis_server {
public:
    /// What compiles and runs the scripts; one for all servers of a process.
    class scripts {
    public:
        scripts();
        ~scripts();
        scripts(scripts const&) = delete;
        scripts& operator=(scripts const&) = delete;

        /// The name under which Redis knows a script from now on.
        [[nodiscard]] std::string const& sha_of(std::string const& source);
        redis_reply run(redis_server& on, redis_command const& command);

    private:
        lua_State* lua_;
        std::map<std::string, std::string> shas_;  // of sources
    };

    redis_server(scheduler& s, scripts& lua, std::uint64_t number)
        : scheduler_(s), lua_(lua), number_(number)
    {}

    /// Changes the scripts that it is sent, for planted bugs.
    std::function<std::string(std::string)> mutate;

    [[nodiscard]] redis_reply execute(redis_command const& command);

    [[nodiscard]] std::string run_id() const
    {
        return "run" + std::to_string(number_) + "." + std::to_string(runs_);
    }

    // What can become of it.
    void set_clock(duration ahead) { ahead_ = ahead; }
    void flush() { values_.clear(); }
    void restart_empty()
    {
        ++runs_;
        values_.clear();
        known_scripts_.clear();
    }
    void save() { saved_ = values_; }
    /// As from a dump that was written some time ago.
    void restart_from_dump()
    {
        ++runs_;
        values_ = saved_;
        known_scripts_.clear();
    }

private:
    struct value {
        std::string text;
        std::optional<time_point> until;
    };

    [[nodiscard]] time_point now() const { return scheduler_.now() + ahead_; }
    [[nodiscard]] value* find(std::string const& key);
    [[nodiscard]] redis_reply get(std::string const& key);
    [[nodiscard]] redis_reply set(redis_command const& words);
    [[nodiscard]] redis_reply evaluate(redis_command const& words);

    scheduler& scheduler_;
    scripts& lua_;
    std::uint64_t number_;
    std::uint64_t runs_ = 1;
    duration ahead_{};
    std::map<std::string, value> values_;
    std::map<std::string, value> saved_;
    std::map<std::string, std::string> known_scripts_;  // to what is run, by their hashes
};

}  // namespace aircargo::simulation
