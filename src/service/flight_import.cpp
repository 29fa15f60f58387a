#include "common/csv.hpp"
#include <aircargo/core/utf8.hpp>
#include <aircargo/service/flight_import.hpp>
#include <zlib.h>
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace aircargo {
namespace {

constexpr std::array<std::string_view, 6> column_names{
    "flight_number", "airline_name",       "origin",
    "destination",   "departure_datetime", "arrival_datetime"};

/// Hands out a file, plain or gzip, a piece at a time; zlib tells the two apart.
class file_pieces {
public:
    explicit file_pieces(std::string const& path) : file_(gzopen(path.c_str(), "rb")) {}

    [[nodiscard]] bool is_open() const noexcept { return file_ != nullptr; }

    /// Valid until the call after; empty at the end of the file or when it can not be read on.
    [[nodiscard]] std::string_view next()
    {
        int const got = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
        return got > 0 ? std::string_view(buffer_.data(), static_cast<std::size_t>(got))
                       : std::string_view();
    }

    /// What went wrong, when `next` ended early; empty when the file was read to its end.
    [[nodiscard]] std::string failure() const
    {
        int code = Z_OK;
        char const* const message = gzerror(file_.get(), &code);
        return code == Z_OK || code == Z_STREAM_END ? std::string() : std::string(message);
    }

private:
    struct close {
        void operator()(gzFile_s* file) const noexcept { gzclose(file); }
    };

    std::unique_ptr<gzFile_s, close> file_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
};

/// The same of a text: one piece.
class text_pieces {
public:
    explicit text_pieces(std::string_view text) : text_(text) {}

    [[nodiscard]] std::string_view next() { return std::exchange(text_, {}); }
    [[nodiscard]] static std::string failure() { return {}; }

private:
    std::string_view text_;
};

/// Reads lines from pieces.
template <class Pieces>
class line_reader {
public:
    explicit line_reader(Pieces& pieces) : pieces_(pieces) {}

    /// The next line without its end, valid until the call after; nothing at the end or when there
    /// is no reading on.
    [[nodiscard]] std::optional<std::string_view> next()
    {
        line_.clear();
        for (;;) {
            auto const end = rest_.find('\n');
            line_ += rest_.substr(0, end);
            if (line_.size() > max_line) {
                too_long_ = true;
                return std::nullopt;
            }
            if (end != std::string_view::npos) {
                rest_.remove_prefix(end + 1);
                return line_;
            }
            rest_ = pieces_.next();
            if (rest_.empty())
                return line_.empty() ? std::nullopt : std::optional<std::string_view>(line_);
        }
    }

    /// What went wrong, when `next` ended early; empty when all was read.
    [[nodiscard]] std::string failure() const
    {
        if (too_long_) return "a line is longer than " + std::to_string(max_line) + " bytes";
        return pieces_.failure();
    }

private:
    static constexpr std::size_t max_line = 64 * 1024;

    Pieces& pieces_;
    std::string_view rest_;  // of the piece
    std::string line_;
    bool too_long_ = false;
};

/// Where each wanted column stands in the file.
using columns = std::array<std::size_t, column_names.size()>;

[[nodiscard]] result<columns> find_columns(std::vector<std::string> const& header)
{
    columns places{};
    for (std::size_t c = 0; c < column_names.size(); ++c) {
        auto const found = std::find(header.begin(), header.end(), column_names[c]);
        if (found == header.end()) {
            return refuse(errc::invalid_request,
                          "the header has no column " + std::string(column_names[c]));
        }
        places[c] = static_cast<std::size_t>(found - header.begin());
    }
    return places;
}

constexpr std::size_t max_name = 100;
constexpr std::size_t slice_size = 20'000;  // a fraction of a second's writing

[[nodiscard]] result<flight> read_flight(std::vector<std::string> const& fields, columns const& at)
{
    auto const number = flight_number::parse(fields[at[0]]);
    if (number.has_error()) return number.error();
    auto const origin = airport_code::parse(fields[at[2]]);
    if (origin.has_error()) return origin.error();
    auto const destination = airport_code::parse(fields[at[3]]);
    if (destination.has_error()) return destination.error();
    auto const departure = parse_utc_time(fields[at[4]]);
    if (departure.has_error()) return departure.error();
    auto const arrival = parse_utc_time(fields[at[5]]);
    if (arrival.has_error()) return arrival.error();

    auto const& airline_name = fields[at[1]];
    if (airline_name.size() > max_name || !is_clean_utf8(airline_name)) {
        return refuse(errc::invalid_request, "the airline name is not UTF-8 text of at most " +
                                                 std::to_string(max_name) + " bytes");
    }
    return flight{{}, *number, airline_name, *origin, *destination, *departure, *arrival};
}

[[nodiscard]] constexpr std::string_view explain(flight_fault fault) noexcept
{
    switch (fault) {
        case flight_fault::outside_of_the_calendar: return "departs before 1970 or after 2100";
        case flight_fault::same_airport: return "origin and destination are the same";
        case flight_fault::arrival_not_after_departure:
            return "the arrival is not after the departure";
        case flight_fault::longer_than_two_days: return "takes longer than two days";
        case flight_fault::unknown_airport:
            return "names an airport that is not in the airport table";
        case flight_fault::faster_than_sound: return "would be faster than 1,200 km/h";
    }
    return "can not be true";
}

/// What makes a flight the same flight: number, ends and departure.
struct same_flight {
    [[nodiscard]] std::size_t operator()(flight const& f) const noexcept  // hash
    {
        auto const ends =
            std::size_t{f.origin.index()} * airport_code::index_count + f.destination.index();
        return std::hash<std::string_view>{}(f.number.str()) ^ (ends * 0x9E3779B97F4A7C15U) ^
               static_cast<std::size_t>(to_epoch(f.departure));
    }
    [[nodiscard]] bool operator()(flight const& a, flight const& b) const noexcept  // equal
    {
        return a.departure == b.departure && a.number == b.number && a.origin == b.origin &&
               a.destination == b.destination;
    }
};

/// All flights, read and checked; nothing is stored yet, so that strict mode can still refuse them.
class checked_flights {
public:
    explicit checked_flights(import_options const& options) : options_(options) {}

    /// `name` is what messages call it.
    template <class Pieces>
    [[nodiscard]] std::optional<error> read(Pieces& pieces, std::string const& name)
    {
        line_reader reader(pieces);
        auto const header = reader.next();
        if (!header || !detail::split_csv(without_mark(*header), fields_)) {
            return refuse(errc::invalid_request, name + " has no header line");
        }
        auto const at = find_columns(fields_);
        if (at.has_error()) return at.error();
        auto const width = fields_.size();
        for (std::size_t number = 2; auto const line = reader.next(); ++number) {
            take(*line, number, width, *at);
            if (report.lines % progress_every == 0) options_.progress(report.lines);
        }
        if (auto const failure = reader.failure(); !failure.empty()) {
            return refuse(errc::invalid_request, name + " can not be read to its end: " + failure);
        }
        return std::nullopt;
    }

    import_report report;
    std::vector<flight> flights;

private:
    static constexpr std::size_t progress_every = 50'000;

    /// Spreadsheets put a byte order mark in front of UTF-8.
    [[nodiscard]] static std::string_view without_mark(std::string_view text)
    {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        if (text.starts_with(mark)) text.remove_prefix(mark.size());
        return text;
    }

    void take(std::string_view line, std::size_t number, std::size_t width, columns const& at)
    {
        if (line.empty() || line == "\r") return;
        ++report.lines;
        if (!detail::split_csv(line, fields_))
            return set_aside(number, "a quote is not closed or misplaced");
        if (fields_.size() != width) {
            return set_aside(number, "has " + std::to_string(fields_.size()) +
                                         " fields, the header " + std::to_string(width));
        }
        auto f = read_flight(fields_, at);
        if (f.has_error()) return set_aside(number, f.error().detail);
        if (auto const fault = fault_of(*f, options_.airports)) {
            return set_aside(number, std::string(explain(*fault)));
        }
        if (!seen_.insert(*f).second)
            return set_aside(number, "the same flight stands on an earlier line");
        flights.push_back(*std::move(f));
    }

    void set_aside(std::size_t line, std::string reason)
    {
        ++report.bad;
        if (report.bad_lines.size() < options_.max_reported)
            report.bad_lines.push_back({line, std::move(reason)});
    }

    import_options const& options_;
    std::vector<std::string> fields_;
    std::unordered_set<flight, same_flight, same_flight> seen_{};
};

[[nodiscard]] result<import_report> store_all(checked_flights&& checked, any_flight_store& store,
                                              import_options const& options)
{
    auto& report = checked.report;
    if (options.strict && report.bad > 0) return std::move(report);
    for (std::span<flight const> rest = checked.flights; !rest.empty();) {
        auto const slice = rest.first(std::min(rest.size(), slice_size));
        auto const stored = store.upsert(slice);
        if (stored.has_error()) return stored.error();
        report.imported += stored->size();
        rest = rest.subspan(slice.size());
    }
    return std::move(report);
}

}  // namespace

result<import_report> import_flights(std::string const& path, any_flight_store& store,
                                     import_options const& options)
{
    file_pieces file(path);
    if (!file.is_open()) return refuse(errc::not_found, "there is no readable file " + path);
    checked_flights checked(options);
    if (auto failure = checked.read(file, path)) return *std::move(failure);
    return store_all(std::move(checked), store, options);
}

result<import_report> import_flights_from_text(std::string_view csv, any_flight_store& store,
                                               import_options const& options)
{
    text_pieces text(csv);
    checked_flights checked(options);
    if (auto failure = checked.read(text, "the text")) return *std::move(failure);
    return store_all(std::move(checked), store, options);
}

}  // namespace aircargo
