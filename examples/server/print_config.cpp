#include "print_config.hpp"
#include "text.hpp"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>

namespace aircargo::server {
namespace {

[[nodiscard]] bool is_flag(CLI::Option const& option)
{
    return option.get_items_expected_max() == 0;
}

/// What the program goes by, wherever it comes from.
[[nodiscard]] std::string value_of(CLI::Option const& option)
{
    auto const value = option.empty() ? option.get_default_str() : option.results().back();
    if (!is_flag(option)) return value;
    return CLI::detail::to_flag_value(value) > 0 ? "true" : "false";  // also for off, 0, no
}

[[nodiscard]] std::string shown(CLI::Option const& option)
{
    auto const value = value_of(option);
    if (option.get_type_name() == secret_type) return value.empty() ? "" : "***";
    auto line = value.find("://") == value.npos ? value : urls_without_passwords(value);
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, '?');
    return line;
}

}  // namespace

void print_config(CLI::App const& cli, std::ostream& out)
{
    for (auto const* const option : cli.get_options()) {
        if (option->get_envname().empty()) continue;
        out << "# --" << option->get_lnames().front() << (option->empty() ? ", default" : "")
            << ": " << option->get_description() << '\n'
            << option->get_envname() << '=' << shown(*option) << '\n';
    }
}

}  // namespace aircargo::server
