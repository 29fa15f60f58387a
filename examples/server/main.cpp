#include "commands.hpp"
#include "config/flags.hpp"
#include "demo/demo.hpp"
#include "print_config.hpp"
#include "text.hpp"
#include "user_commands.hpp"
#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <utility>

namespace {

using namespace aircargo::server;

constexpr int bad_usage = 2;

using command = std::function<int(config const&)>;

struct user_words {
    std::string name;
    std::string role = "agent";
    bool revoke_api_keys = false;
};

/// `user add NAME --role ROLE` and its like.
void add_user_commands(CLI::App& cli, user_words& words, command& chosen)
{
    auto* const user = cli.add_subcommand(
        "user", "Accounts; passwords come from AIRCARGO_PASSWORD or a line of stdin");
    user->require_subcommand(1);
    auto const add = [&](char const* name, char const* says, command does) {
        auto* const sub = user->add_subcommand(name, says);
        sub->callback([&chosen, does = std::move(does)] { chosen = does; });
        return sub;
    };
    auto const add_named = [&](char const* name, char const* says, command does) {
        auto* const sub = add(name, says, std::move(does));
        sub->add_option("NAME", words.name, "What the account logs in with")->required();
        return sub;
    };
    add_named("add", "Make an account",
              [&](config const& c) { return add_user(c, words.name, words.role); })
        ->add_option("--role", words.role, "viewer, agent or admin")
        ->capture_default_str();
    add("list", "List all, a line each", list_users_of);
    add_named("role", "Give another role",
              [&](config const& c) { return set_role_of_user(c, words.name, words.role); })
        ->add_option("ROLE", words.role, "viewer, agent or admin")
        ->required();
    add_named("password", "Give another password, and log out", [&](config const& c) {
        return set_password_of_user(c, words.name, words.revoke_api_keys);
    })->add_flag("--revoke-api-keys", words.revoke_api_keys, "And end all of its API keys");
    add_named("disable", "Let it in no longer",
              [&](config const& c) { return enable_user(c, words.name, false); });
    add_named("enable", "Let it in again",
              [&](config const& c) { return enable_user(c, words.name, true); });
}

/// `demo --url URL` and what else it takes.
void add_demo_command(CLI::App& cli, demo_settings& s, command& chosen)
{
    auto* const sub = cli.add_subcommand(
        "demo",
        "Book shipments on a running server and move them along its schedule, until it is told to "
        "stop; the password comes from AIRCARGO_PASSWORD or a line of stdin");
    sub->add_option("--url", s.url, "The server")->capture_default_str();
    sub->add_option("--name", s.name, "The account to book with")->capture_default_str();
    sub->add_option("--pace", s.pace, "Acts a minute; 0: as many as the server takes")
        ->capture_default_str()
        ->check(CLI::Range(0U, 1'000'000U));
    sub->add_option("--count", s.count, "Acts after which it ends; 0: when it is told to")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    sub->add_option("--seed", s.seed, "Of what is left to chance; drawn unless it is given")
        ->check(CLI::NonNegativeNumber);
    sub->callback([&] { chosen = [&](config const&) { return run_demo(s); }; });
}

[[nodiscard]] int run(int argc, char** argv)
{
    CLI::App cli(
        "Books air cargo, finds its way through a flight schedule and tracks it until delivery.",
        "aircargo-server");
    settings s;
    std::string file;
    std::string role;
    bool strict = false;
    user_words user;
    demo_settings demo;
    command chosen = serve;

    cli.set_version_flag("--version", std::string("aircargo-server ") + AIRCARGO_VERSION);
    cli.fallthrough();
    cli.require_subcommand(0, 1);
    cli.footer(
        "Each setting can come from the environment too, as AIRCARGO_LISTEN for --listen; the flag "
        "wins.");
    add_settings(cli, s);
    bool only_print = false;
    cli.add_flag("--print-config", only_print,
                 "Print every setting as it is, without secrets, and do nothing");
    cli.add_subcommand("serve", "Serve the API (what it does without a command)");
    auto* const importing =
        cli.add_subcommand("import-flights", "Import flights from a CSV file, plain or gzip");
    importing->add_option("FILE", file, "The file")->required();
    importing->add_flag("--strict", strict, "Import nothing when a line is bad");
    importing->callback(
        [&] { chosen = [&](config const& c) { return import_flights_from(c, file, strict); }; });
    auto* const migrating =
        cli.add_subcommand("migrate", "Bring the store's schema up to date and say its version");
    migrating->add_option("--grant", role, "A role of PostgreSQL that may then use the store");
    migrating->callback([&] { chosen = [&](config const& c) { return migrate(c, role); }; });
    cli.add_subcommand("verify", "Replay every history and compare it with the stored booking")
        ->callback([&] { chosen = verify_store; });
    add_user_commands(cli, user, chosen);
    add_demo_command(cli, demo, chosen);
    cli.add_subcommand("routes", "Print the route table: a line of JSON a route")->callback([&] {
        chosen = [](config const&) { return print_routes(); };
    });
    cli.add_subcommand("openapi", "Print the description of the API (OpenAPI 3.1)")->callback([&] {
        chosen = [](config const&) { return print_openapi(); };
    });

    try {
        cli.parse(argc, argv);
    } catch (CLI::Success const& done) {
        return cli.exit(done);  // --help, --version
    } catch (CLI::ParseError const& wrong) {
        std::cerr << "aircargo-server: " << without_passwords(wrong.what()) << "; see --help\n";
        return bad_usage;
    }
    auto const c = read_config(s);
    if (!c) {
        std::cerr << "aircargo-server: " << c.error().detail << '\n';
        return bad_usage;
    }
    if (only_print) {
        print_config(cli, std::cout);
        return 0;
    }
    return chosen(*c);
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (std::exception const& failure) {
        std::cerr << "aircargo-server: " << failure.what() << '\n';
        return 1;
    }
}
