#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace aircargo::simulation {

/// Mistakes that a run can be given, to see that it finds them. They are made in the ports and in
/// the scripts, so that the library's own code knows nothing of them.
enum class bug {
    none,
    // In the order of the steps.
    hold_ends_before_commit,
    no_hold,
    settling_taken_for_heard,
    commit_untold,
    answered_before_commit,
    // In the store.
    no_revision_check,
    unknown_commit_retried,
    key_not_stored,
    late_commit_passed_over,
    // In the scripts.
    fill_without_token,
    fill_during_hold,
    hold_keeps_entries,
    hold_keeps_tokens,
    settled_by_anyone,
    readers_tell_nothing,
    restart_unnoticed
};

struct bug_name {
    bug what;
    std::string_view name;
    std::string_view trap;  ///< in words
};

inline constexpr std::array bugs{
    bug_name{bug::none, "none", "no mistake"},
    bug_name{bug::hold_ends_before_commit, "hold_ends_before_commit",
             "the cache is cleared before the commit, and readers fill it again"},
    bug_name{bug::no_hold, "no_hold", "the cache is not cleared at all before the commit"},
    bug_name{bug::settling_taken_for_heard, "settling_taken_for_heard",
             "a writer that the cache does not hear believes that its hold stood"},
    bug_name{bug::commit_untold, "commit_untold",
             "late commits and repeated answers are not told to the cache"},
    bug_name{bug::answered_before_commit, "answered_before_commit",
             "a change is acknowledged before it is durable"},
    bug_name{bug::no_revision_check, "no_revision_check",
             "the lock alone guards, and a paused holder overwrites"},
    bug_name{bug::unknown_commit_retried, "unknown_commit_retried",
             "a commit of unknown outcome is simply made again"},
    bug_name{bug::key_not_stored, "key_not_stored",
             "idempotency keys are not part of the transaction"},
    bug_name{bug::late_commit_passed_over, "late_commit_passed_over",
             "readers of the log go on from a place before which some commit later"},
    bug_name{bug::fill_without_token, "fill_without_token", "a slow reader may fill"},
    bug_name{bug::fill_during_hold, "fill_during_hold", "readers may fill while a writer holds"},
    bug_name{bug::hold_keeps_entries, "hold_keeps_entries",
             "what is cached is served until the commit is published"},
    bug_name{bug::hold_keeps_tokens, "hold_keeps_tokens",
             "a fill that is under way survives the writer"},
    bug_name{bug::settled_by_anyone, "settled_by_anyone",
             "a hold is ended by a writer whose own has run out"},
    bug_name{bug::readers_tell_nothing, "readers_tell_nothing",
             "late commits and readers do not make older entries go"},
    bug_name{bug::restart_unnoticed, "restart_unnoticed", "what a dump brings back is served"},
};

[[nodiscard]] constexpr std::optional<bug> find_bug(std::string_view name)
{
    for (auto const& b : bugs)
        if (b.name == name) return b.what;
    return std::nullopt;
}

}  // namespace aircargo::simulation
