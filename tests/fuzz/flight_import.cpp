// Whatever a file holds, an import takes what is sound and counts the rest.

#include "byte_source.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/routing/flight_check.hpp>
#include <aircargo/service/flight_import.hpp>
#include <aircargo/store/memory.hpp>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace aircargo;
using namespace aircargo::test;

constexpr std::string_view header =
    "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n";
constexpr std::array<std::string_view, 24> words{
    header,
    "AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n",
    "AI101",
    "LH0042X",
    ",Air India,",
    ",\"Air \"\"India\"\", Ltd\",",
    "DEL",
    ",BOM,",
    "2025-12-01T06:00:00Z",
    ",2025-12-01T08:10:00+05:30",
    "2024-02-29T23:59:59-12:00,",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "\r\n",
    "\n",
    ",",
    "\"",
    "\"\"",
    "\xEF\xBB\xBF",
    "\xC3\xA9",
    "\xFF",
    "flight_number",
    "\x1F\x8B",
};

/// The bytes themselves, or text of which low ones are words.
std::string text_from(byte_source& bytes)
{
    std::string text;
    bool const plain = bytes.one_in(8);
    if (!plain && !bytes.one_in(8)) text = header;
    while (!bytes.empty()) {
        auto const b = bytes.byte();
        if (!plain && b < 3 * words.size()) {
            text += words[b % words.size()];
        } else {
            text += static_cast<char>(b);
        }
    }
    return text;
}

void check(result<import_report> const& report, any_flight_store& store, bool strict)
{
    auto const stored = store.load({}).value();
    if (report.has_error()) {
        demand(stored.empty(), "flights of a file that was refused");
        return;
    }
    bool const nothing = strict && report->bad > 0;
    demand(report->imported == (nothing ? 0 : report->lines - report->bad), "the numbers add up");
    demand(stored.size() == report->imported, "as many flights as the report says");
    demand(report->bad_lines.size() <= report->bad, "bad lines that are not counted");
    for (auto const& f : stored) demand(!fault_of(f), "a flight that can not be true");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static temp_folder const folder;
    byte_source bytes(std::span(data, size));
    import_options options;
    options.strict = bytes.one_in(8);
    options.max_reported = static_cast<std::size_t>(bytes.one_of(std::array{1000, 0, 1}));
    auto const path = folder.file("flights.csv", text_from(bytes));
    auto const store = make_flight_store<memory_flight_store>();
    check(import_flights(path, *store, options), *store, options.strict);
    return 0;
}
