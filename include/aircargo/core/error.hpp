#pragma once

#include <boost/throw_exception.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace aircargo {

/// Everything that a call of this library can refuse for. The name is stable and goes to the API as
/// `code`.
enum class errc {
    // The caller's input is not what it must be.
    invalid_airport_code = 1,
    invalid_flight_number,
    invalid_booking_ref,
    invalid_weight,
    invalid_time,
    invalid_request,
    idempotency_mismatch,  ///< the key was used before with another request
    // What was asked for is not there.
    not_found,
    // The request is sound but does not fit the present state.
    illegal_transition,
    off_plan,  ///< the fact is not on the itinerary, and the caller did not say that it is off plan
    stale_revision,
    already_exists,
    lock_busy,
    lock_unavailable,     ///< the locks can not be reached, and nothing is changed without them
    precondition_failed,  ///< the caller named a revision, and it is not the present one
    // We can not answer now.
    backend_down,
    timed_out,
    overloaded,
    commit_unknown,  ///< the change may or may not be durable: read again before trying again
    internal_error,  ///< a mistake of ours, or no memory
};

/// What a caller does about an error; decides the HTTP status and the Python exception class.
enum class errc_group { invalid, unprocessable, not_found, conflict, precondition, unavailable };

[[nodiscard]] constexpr std::string_view name_of(errc code) noexcept
{
    switch (code) {
        case errc::invalid_airport_code: return "invalid_airport_code";
        case errc::invalid_flight_number: return "invalid_flight_number";
        case errc::invalid_booking_ref: return "invalid_booking_ref";
        case errc::invalid_weight: return "invalid_weight";
        case errc::invalid_time: return "invalid_time";
        case errc::invalid_request: return "invalid_request";
        case errc::idempotency_mismatch: return "idempotency_mismatch";
        case errc::not_found: return "not_found";
        case errc::illegal_transition: return "illegal_transition";
        case errc::off_plan: return "off_plan";
        case errc::stale_revision: return "stale_revision";
        case errc::already_exists: return "already_exists";
        case errc::lock_busy: return "lock_busy";
        case errc::lock_unavailable: return "lock_unavailable";
        case errc::precondition_failed: return "precondition_failed";
        case errc::backend_down: return "backend_down";
        case errc::timed_out: return "timed_out";
        case errc::overloaded: return "overloaded";
        case errc::commit_unknown: return "commit_unknown";
        case errc::internal_error: return "internal_error";
    }
    return "unknown";
}

[[nodiscard]] constexpr errc_group group_of(errc code) noexcept
{
    switch (code) {
        case errc::invalid_airport_code:
        case errc::invalid_flight_number:
        case errc::invalid_booking_ref:
        case errc::invalid_weight:
        case errc::invalid_time:
        case errc::invalid_request: return errc_group::invalid;
        case errc::idempotency_mismatch: return errc_group::unprocessable;
        case errc::not_found: return errc_group::not_found;
        case errc::illegal_transition:
        case errc::off_plan:
        case errc::stale_revision:
        case errc::already_exists:
        case errc::lock_busy:
        case errc::lock_unavailable: return errc_group::conflict;
        case errc::precondition_failed: return errc_group::precondition;
        case errc::backend_down:
        case errc::timed_out:
        case errc::overloaded:
        case errc::commit_unknown:
        case errc::internal_error: return errc_group::unavailable;
    }
    return errc_group::unavailable;
}

/// A refusal: `code` for programs, `detail` as one sentence for people.
struct error {
    errc code{};
    std::string detail;

    friend bool operator==(error const&, error const&) = default;
};

inline std::ostream& operator<<(std::ostream& out, error const& e)
{
    return out << name_of(e.code) << ": " << e.detail;
}

namespace detail {

class error_category final : public std::error_category {
public:
    char const* name() const noexcept override { return "aircargo"; }
    std::string message(int code) const override
    {
        return std::string(name_of(static_cast<errc>(code)));
    }
};

}  // namespace detail

[[nodiscard]] inline std::error_code make_error_code(errc code) noexcept
{
    static detail::error_category const category;
    return {static_cast<int>(code), category};
}

/// Called by `result::value()` when there is no value; only tests and examples use it.
[[noreturn]] inline void throw_exception_from_error(error const& e, boost::source_location const&)
{
    throw std::system_error(make_error_code(e.code), e.detail);
}

}  // namespace aircargo

template <>
struct std::is_error_code_enum<aircargo::errc> : std::true_type {};
