#include "api/airport_index.hpp"
#include "api/folded_text.hpp"
#include <aircargo/world/airport_table.hpp>
#include <gtest/gtest.h>
#include <array>
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] airport_code coded(std::string_view text)
{
    return airport_code::parse(text).value();
}

[[nodiscard]] airport place(std::string_view code, std::string city, std::string name)
{
    return {coded(code), std::move(name), std::move(city), "XX", 1, 2, "UTC"};
}

class airport_index_test : public ::testing::Test {
protected:
    /// In the order of codes, as the table of the world is.
    std::array<airport, 7> const airports{
        place("ELO", "Eldorado", "Eldorado Airport"),
        place("ELS", "East London", "East London Airport"),
        place("LHR", "London", "London Heathrow Airport"),
        place("LND", "Lander", "Hunt Field"),
        place("LON", "Nowhere", "Long Strip"),
        place("XLO", "Londonderry", "City of Derry Airport"),
        place("YXU", "", "London Airport"),
    };
    airport_index const index{airports};

    /// The codes of what is found, with blanks.
    [[nodiscard]] std::string found(airport_query const& query) const
    {
        std::string codes;
        for (auto const* each : index.find(query))
            codes += (codes.empty() ? "" : " ") + std::string(each->code.str());
        return codes;
    }
    [[nodiscard]] std::string found(std::string_view text) const
    {
        return found(airport_query{.words = folded_words(text)});
    }
};

TEST_F(airport_index_test, finds_by_code_then_by_city_then_by_any_word)
{
    EXPECT_EQ(found("lon"), "LON LHR XLO ELS YXU") << "London and Londonderry begin with it";
    EXPECT_EQ(found("london"), "LHR XLO ELS YXU");
    EXPECT_EQ(found("l"), "LHR LND LON XLO ELS YXU");
}

TEST_F(airport_index_test, takes_the_beginning_of_each_word)
{
    EXPECT_EQ(found("LOND heath"), "LHR");
    EXPECT_EQ(found("heath lond"), "LHR");
    EXPECT_EQ(found("ondon"), "");
    EXPECT_EQ(found("lhr london"), "LHR");
    EXPECT_EQ(found("derry"), "XLO");
}

TEST_F(airport_index_test, gives_all_by_code_when_nothing_is_asked)
{
    EXPECT_EQ(found(""), "ELO ELS LHR LND LON XLO YXU");
    EXPECT_EQ(found(airport_query{.limit = 2}), "ELO ELS");
}

TEST_F(airport_index_test, keeps_to_codes_that_are_named)
{
    EXPECT_EQ(found({.codes = {coded("YXU"), coded("LHR"), coded("QQQ")}}), "LHR YXU");
    EXPECT_EQ(found({.words = {"heathrow"}, .codes = {coded("YXU"), coded("LHR")}}), "LHR");
}

TEST(airports_of_the_world, are_found_as_people_type_them)
{
    airport_index const index(all_airports());
    auto const first = [&](std::string_view text) {
        auto const found = index.find({.words = folded_words(text)});
        return found.empty() ? std::string() : std::string(found.front()->code.str());
    };
    EXPECT_EQ(first("del"), "DEL");
    EXPECT_EQ(first("guarulhos"), "GRU");
    EXPECT_EQ(first("São Paulo guar"), "GRU");
    EXPECT_EQ(first("KRAKOW"), "KRK");
    EXPECT_EQ(first("o'hare"), "ORD");
    EXPECT_EQ(first("charles de gaulle"), "CDG");
    EXPECT_EQ(first("new york kennedy"), "JFK");
}

}  // namespace
}  // namespace aircargo::server
