#pragma once

#include <aircargo/routing/flight_check.hpp>
#include <aircargo/store/flight_store.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo {

struct import_options {
    bool strict = false;               ///< import nothing when any line is bad
    std::size_t max_reported = 1'000;  ///< bad lines kept in the report; all are counted
    /// Where given, lines that name an airport it does not know, or a flight that would be too
    /// fast, are bad too.
    airport_lookup airports{};
    /// Told now and then how many lines were read so far.
    std::function<void(std::size_t lines)> progress = [](std::size_t) {};
};

struct import_report {
    struct bad_line {
        std::size_t line;  ///< counts from 1, the header included
        std::string reason;
    };

    std::size_t lines = 0;     ///< data lines read
    std::size_t imported = 0;  ///< flights stored, new and known ones
    std::size_t bad = 0;
    std::vector<bad_line> bad_lines;
};

/// Imports flights from a CSV file, plain or gzip, UTF-8, whose header names (in any order)
/// `flight_number, airline_name, origin, destination, departure_datetime, arrival_datetime`; times
/// as RFC 3339. Bad lines are set aside with their number and reason: the wrong number of fields,
/// an unreadable field, a flight that can not be true (flight_check.hpp), the same flight a second
/// time. The rest is stored in slices, so that a large import does not keep other writers waiting;
/// if the store fails between two of them, run the import again. \return the report; in strict mode
/// with bad lines nothing is imported. Errors: `not_found` (no such file), `invalid_request`
/// (unreadable, damaged gzip, or a column is missing: nothing is imported), and the store's.
[[nodiscard]] result<import_report> import_flights(std::string const& path, any_flight_store& store,
                                                   import_options const& options = {});

/// Imports the same CSV from a text, which is not compressed.
[[nodiscard]] result<import_report> import_flights_from_text(std::string_view csv,
                                                             any_flight_store& store,
                                                             import_options const& options = {});

}  // namespace aircargo
