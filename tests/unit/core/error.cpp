#include "support/printers.hpp"
#include <aircargo/core/error.hpp>
#include <aircargo/core/result.hpp>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace aircargo::test {
namespace {

/// All codes: they count from 1 without a hole, and the first number without a name is behind the
/// last.
std::vector<errc> all_codes()
{
    std::vector<errc> codes;
    for (int i = 1; name_of(static_cast<errc>(i)) != "unknown"; ++i)
        codes.push_back(static_cast<errc>(i));
    return codes;
}

TEST(errc, ends_with_internal_error) { EXPECT_EQ(all_codes().back(), errc::internal_error); }

TEST(errc, has_a_name_of_its_own_for_each_code)
{
    std::set<std::string_view> names;
    for (auto code : all_codes()) names.insert(name_of(code));
    EXPECT_EQ(names.size(), all_codes().size());
}

TEST(errc, is_named_in_snake_case)
{
    for (auto code : all_codes()) {
        EXPECT_EQ(name_of(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"),
                  std::string_view::npos);
    }
}

TEST(errc, stands_in_the_group_that_tells_what_to_do)
{
    using enum errc;
    auto const members = [](errc_group group) {
        std::set<errc> in;
        for (auto code : all_codes()) {
            if (group_of(code) == group) in.insert(code);
        }
        return in;
    };
    EXPECT_EQ(members(errc_group::invalid),
              (std::set{invalid_airport_code, invalid_flight_number, invalid_booking_ref,
                        invalid_weight, invalid_time, invalid_request}));
    EXPECT_EQ(members(errc_group::unprocessable), std::set{idempotency_mismatch});
    EXPECT_EQ(members(errc_group::not_found), std::set{not_found});
    EXPECT_EQ(members(errc_group::conflict),
              (std::set{illegal_transition, off_plan, stale_revision, already_exists, lock_busy,
                        lock_unavailable}));
    EXPECT_EQ(members(errc_group::precondition), std::set{precondition_failed});
    EXPECT_EQ(members(errc_group::unavailable),
              (std::set{backend_down, timed_out, overloaded, commit_unknown, internal_error}));
}

TEST(errc, is_a_standard_error_code)
{
    std::error_code const code = errc::not_found;

    EXPECT_STREQ(code.category().name(), "aircargo");
    EXPECT_EQ(code.message(), "not_found");
    EXPECT_EQ(code, make_error_code(errc::not_found));
    EXPECT_NE(code, make_error_code(errc::lock_busy));
}

TEST(error, is_written_as_its_code_and_sentence)
{
    std::ostringstream out;
    out << refuse(errc::lock_busy, "someone else is at work");
    EXPECT_EQ(out.str(), "lock_busy: someone else is at work");
}

TEST(result, holds_a_value_or_a_refusal)
{
    result<int> const good = 5;
    result<int> const bad = refuse(errc::not_found, "gone");

    EXPECT_EQ(good.value(), 5);
    EXPECT_EQ(bad.error(), (error{errc::not_found, "gone"}));
}

TEST(result, throws_its_error_when_there_is_no_value)
{
    result<int> const bad = refuse(errc::not_found, "there is no booking ACB10001");
    try {
        (void)bad.value();
        FAIL() << "nothing was thrown";
    } catch (std::system_error const& thrown) {
        EXPECT_EQ(thrown.code(), errc::not_found);
        EXPECT_NE(std::string(thrown.what()).find("there is no booking ACB10001"),
                  std::string::npos);
    }
}

TEST(result, hands_on_what_can_only_be_moved)
{
    result<std::unique_ptr<int>> answer = std::make_unique<int>(7);
    EXPECT_EQ(*std::move(answer).value(), 7);
}

}  // namespace
}  // namespace aircargo::test
