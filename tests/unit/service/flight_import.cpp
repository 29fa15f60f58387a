#include "support/builders.hpp"
#include "support/temp_folder.hpp"
#include <aircargo/service/flight_import.hpp>
#include <aircargo/store/memory.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <string>
#include <vector>

namespace aircargo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string const header =
    "flight_number,airline_name,origin,destination,departure_datetime,arrival_datetime\n";
std::string const good = "AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n";
std::string const other = "AI204,Air India,BOM,BLR,2025-12-01T10:10:00Z,2025-12-01T11:55:00Z\n";

class flight_import : public ::testing::Test {
protected:
    temp_folder folder;
    std::unique_ptr<any_flight_store> store = make_flight_store<memory_flight_store>();

    /// From a file; a text with the same in it has to come to the same.
    result<import_report> import(std::string const& text, import_options const& options = {})
    {
        auto const other_store = make_flight_store<memory_flight_store>();
        (void)other_store->upsert(stored()).value();
        auto quiet = options;
        quiet.progress = [](std::size_t) {};
        auto const from_text = import_flights_from_text(text, *other_store, quiet);
        auto from_file = import_flights(folder.file("flights.csv", text), *store, options);
        EXPECT_EQ(code_of(from_text), code_of(from_file));
        if (from_text && from_file) {
            EXPECT_EQ(told(*from_text), told(*from_file));
            EXPECT_EQ(other_store->load({}).value(), stored());
        }
        return from_file;
    }
    static std::string told(import_report const& r)
    {
        std::string text = std::to_string(r.lines) + ' ' + std::to_string(r.imported) + ' ' +
                           std::to_string(r.bad);
        for (auto const& bad : r.bad_lines)
            text += '\n' + std::to_string(bad.line) + ": " + bad.reason;
        return text;
    }
    std::vector<flight> stored() { return store->load({}).value(); }
    /// Imports lines behind the header; tells the numbers of the bad ones.
    std::vector<std::size_t> bad_lines_of(std::string const& lines)
    {
        std::vector<std::size_t> numbers;
        for (auto const& b : import(header + lines).value().bad_lines) numbers.push_back(b.line);
        return numbers;
    }
    std::string reason(std::string const& line)
    {
        return import(header + line).value().bad_lines.at(0).reason;
    }
    std::string gzipped(std::string const& text)
    {
        auto const path = folder / "flights.csv.gz";
        auto* const file = gzopen(path.c_str(), "wb");
        EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
                  static_cast<int>(text.size()));
        EXPECT_EQ(gzclose(file), Z_OK);
        return path;
    }
};

TEST_F(flight_import, stores_the_flights_of_a_file)
{
    auto const report = import(header + good + other).value();
    EXPECT_EQ(report.lines, 2U);
    EXPECT_EQ(report.imported, 2U);
    EXPECT_EQ(report.bad, 0U);
    ASSERT_EQ(stored().size(), 2U);
    auto expected = a_flight("AI101 DEL 2025-12-01T06:00 BOM 08:10");
    expected.airline_name = "Air India";
    expected.id = stored()[0].id;
    EXPECT_EQ(stored()[0], expected);
}

TEST_F(flight_import, reads_gzip)
{
    EXPECT_EQ(import_flights(gzipped(header + good + other), *store).value().imported, 2U);
}

TEST_F(flight_import, takes_the_columns_in_any_order_and_ignores_others)
{
    auto const report = import(
        "remark,arrival_datetime,destination,origin,airline_name,departure_datetime,flight_number\n"
        "daily,2025-12-01T08:10:00Z,BOM,DEL,Air India,2025-12-01T06:00:00Z,AI101\n");
    EXPECT_EQ(report.value().imported, 1U);
    EXPECT_EQ(stored()[0].destination, airport("BOM"));
}

TEST_F(flight_import, reads_what_spreadsheets_write)
{
    auto const report = import(
        "\xEF\xBB\xBF\"flight_number\",airline_name,origin,destination,departure_datetime,arrival_"
        "datetime\r\n"
        "AI101,\"Air \"\"India\"\", Ltd\",DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\r\n"
        "\r\n"
        "AI204,\"\",BOM,BLR,2025-12-01T10:10:00Z,2025-12-01T11:55:00Z");  // no line end
    EXPECT_EQ(report.value().imported, 2U);
    EXPECT_EQ(stored()[0].airline_name, "Air \"India\", Ltd");
    EXPECT_EQ(stored()[1].airline_name, "");
}

TEST_F(flight_import, reads_times_with_an_offset)
{
    (void)import(header +
                 "AI101,Air India,DEL,BOM,2025-12-01T11:30:00+05:30,2025-12-01T13:40:00+05:30\n");
    EXPECT_EQ(stored().at(0).departure, at("2025-12-01T06:00"));
}

TEST_F(flight_import, sets_bad_lines_aside_with_their_numbers)
{
    EXPECT_THAT(bad_lines_of(good + "nonsense\n" + other + "\n" +
                             "AI9,x,DEL,DEL,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n" +
                             "AI9,x,DEL,MAA,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                ElementsAre(3U, 6U));
    EXPECT_EQ(stored().size(), 3U);
}

TEST_F(flight_import, gives_the_reason)
{
    EXPECT_THAT(reason("AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z\n"), HasSubstr("5 fields"));
    EXPECT_THAT(reason("AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z,\n"),
                HasSubstr("7 fields"));
    EXPECT_THAT(reason("AI1 01,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("'AI1 01'"));
    EXPECT_THAT(reason("AI101,Air India,DELHI,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("'DELHI'"));
    EXPECT_THAT(reason("AI101,Air India,DEL,B0M,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("'B0M'"));
    EXPECT_THAT(reason("AI101,Air India,DEL,BOM,2025-12-01 06:00,2025-12-01T08:10:00Z\n"),
                HasSubstr("'2025-12-01 06:00'"));
    EXPECT_THAT(reason("AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-02-29T08:10:00Z\n"),
                HasSubstr("2025-02-29"));
    EXPECT_THAT(reason("AI101,Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T06:00:00Z\n"),
                HasSubstr("not after the departure"));
    EXPECT_THAT(reason("AI101,Air India,DEL,DEL,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("the same"));
    EXPECT_THAT(reason("AI101,\"Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("quote"));
    EXPECT_THAT(reason("AI101,Air\xFF,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n"),
                HasSubstr("UTF-8"));
    EXPECT_THAT(reason(good + good), HasSubstr("earlier line"));
}

TEST_F(flight_import, survives_a_nul_at_any_place_of_a_line)
{
    for (std::size_t place = 0; place < good.size(); ++place) {
        auto bad = good;
        bad.insert(place, 1, '\0');
        EXPECT_THAT(bad_lines_of(bad + other + "nonsense\n"), ElementsAre(2U, 4U))
            << "at " << place;
    }
}

TEST_F(flight_import, counts_all_bad_lines_and_reports_the_first)
{
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += "nonsense\n";
    auto const report = import(header + lines + good, {.max_reported = 3}).value();
    EXPECT_EQ(report.bad, 50U);
    EXPECT_EQ(report.bad_lines.size(), 3U);
    EXPECT_EQ(report.lines, 51U);
    EXPECT_EQ(report.imported, 1U);
}

TEST_F(flight_import, imports_nothing_of_a_bad_file_when_it_is_strict)
{
    auto const report = import(header + good + "nonsense\n", {.strict = true}).value();
    EXPECT_EQ(report.imported, 0U);
    EXPECT_EQ(report.bad, 1U);
    EXPECT_TRUE(stored().empty());
    EXPECT_EQ(import(header + good, {.strict = true}).value().imported, 1U);
}

TEST_F(flight_import, may_be_repeated)
{
    (void)import(header + good + other);
    auto const before = stored();
    EXPECT_EQ(import(header + good + other).value().imported, 2U);
    EXPECT_EQ(stored(), before);
}

TEST_F(flight_import, refuses_a_file_that_is_not_there)
{
    EXPECT_EQ(code_of(import_flights(folder / "missing.csv", *store)), errc::not_found);
}

TEST_F(flight_import, refuses_a_file_without_its_columns)
{
    EXPECT_EQ(code_of(import("")), errc::invalid_request);
    EXPECT_EQ(code_of(import(good)), errc::invalid_request);
    EXPECT_THAT(
        detail_of(import("flight_number,airline_name,origin,destination,departure_datetime\n")),
        HasSubstr("arrival_datetime"));
    EXPECT_EQ(code_of(import_flights(folder / "", *store)), errc::invalid_request) << "a folder";
}

TEST_F(flight_import, takes_a_file_with_a_header_only)
{
    EXPECT_EQ(import(header).value().imported, 0U);
}

TEST_F(flight_import, imports_nothing_of_a_damaged_gzip)
{
    std::string lines;
    for (int i = 0; i < 9999; ++i)
        lines += "AI" + std::to_string(i) +
                 ",Air India,DEL,BOM,2025-12-01T06:00:00Z,2025-12-01T08:10:00Z\n";
    auto const path = gzipped(header + lines);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    EXPECT_EQ(code_of(import_flights(path, *store)), errc::invalid_request);
    EXPECT_TRUE(stored().empty());
}

TEST_F(flight_import, imports_nothing_of_a_gzip_with_a_wrong_checksum)
{
    auto const path = gzipped(header + good);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-6, std::ios::end);
    file.put('\x55');
    file.close();
    EXPECT_EQ(code_of(import_flights(path, *store)), errc::invalid_request);
    EXPECT_TRUE(stored().empty());
}

TEST_F(flight_import, does_not_grow_with_a_line_without_end)
{
    EXPECT_EQ(code_of(import_flights(gzipped(header + std::string(1 << 24, 'x')), *store)),
              errc::invalid_request);
}

TEST_F(flight_import, tells_its_progress)
{
    std::string lines;
    for (int i = 0; i < 9999; ++i) lines += "nonsense\n";
    std::vector<std::size_t> told;
    std::string all = header;
    for (int i = 0; i < 12; ++i) all += lines;
    (void)import(all, {.progress = [&](std::size_t n) { told.push_back(n); }});
    EXPECT_FALSE(told.empty());
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
    EXPECT_LE(told.back(), 12U * 9999U);
}

}  // namespace
}  // namespace aircargo::test
