#pragma once

#include <aircargo/booking/booking.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/service/booking_service.hpp>
#include <aircargo/store/event_log.hpp>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aircargo::simulation {

/// What a client asked and was told, with the places of both in the order of all that happened.
struct operation {
    enum class kind : std::uint8_t { write, find, history };

    kind what = kind::write;
    std::string ref;  ///< of a creation: once it is known
    std::string tag;  ///< of a write: what its event carries as request id; repeated with a key
    bool creates = false;
    std::optional<booking_act> act;
    std::optional<airport_code> location;
    std::optional<std::int64_t> if_revision;
    std::uint64_t asked = 0;
    std::uint64_t told = std::numeric_limits<std::uint64_t>::max();  ///< never, if it has no answer
    std::optional<errc> refusal;  ///< what it was refused for; `commit_unknown` if nobody knows
    std::optional<booking> seen;  ///< a write's or find's answer
    /// A read of an instance that could not tell the cache: see the bound in decision record 0022.
    bool untold = false;
    std::vector<event> events;  ///< a history's answer

    [[nodiscard]] bool has_answer() const
    {
        return told != std::numeric_limits<std::uint64_t>::max();
    }
};

/// The truth: the terms and events of each booking as the store has them in the end.
struct truth {
    struct life {
        booking_terms terms;
        std::vector<event> events;
    };
    std::map<std::string, life> bookings;
};

/// The first thing that can not be, as one sentence that begins with the name of the check; nothing
/// when there is a single order of all operations that explains every answer.
///
/// Each booking is a chain of revisions, so that order is known: a change stands where its revision
/// does, a read behind the revision that it saw. What remains is to see that nobody who asked later
/// stands before somebody who had been told earlier. Reads that the cache was not told of bind
/// themselves and nobody else.
[[nodiscard]] std::optional<std::string> find_violation(std::vector<operation> const& operations,
                                                        truth const& in_the_end);

/// What is wrong with what somebody read who followed the log to its end: it must be each event
/// once, those of a booking in their order.
[[nodiscard]] std::optional<std::string> find_log_violation(std::vector<logged_event> const& read,
                                                            truth const& in_the_end);

}  // namespace aircargo::simulation
