#include "postgres/database.hpp"
#include <algorithm>
#include <string>
#include <thread>
#include <utility>

namespace aircargo {
namespace {

using detail::pg_call;
using detail::pg_connection;
using detail::pg_failure;
using detail::pg_parameters;
using detail::pg_pool;
using detail::pg_rows;
using detail::pg_statement;
using detail::pg_target;

[[nodiscard]] std::size_t size_of_pool(postgres_options const& options)
{
    if (options.connections > 0) return options.connections;
    return 2 * std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

/// A pool that can never be filled would fail under load, and only then.
[[nodiscard]] result<void> check_limit(pg_connection& connection, std::size_t wanted)
{
    auto const limits =
        connection.run({"limits",
                        "SELECT current_setting('max_connections')::int"
                        " - current_setting('superuser_reserved_connections')::int"});
    if (limits.has_error()) return limits.error().why;
    auto const most = limits->integer(0, 0);
    if (std::cmp_less_equal(wanted, most)) return {};
    return refuse(errc::invalid_request, "the store wants " + std::to_string(wanted) +
                                             " connections, and PostgreSQL allows " +
                                             std::to_string(most) +
                                             " in all (max_connections); ask for fewer");
}

}  // namespace

postgres_database::state::state(pg_target target, std::optional<pg_target> list_target,
                                std::size_t connections)
    : pool(std::move(target), connections)
{
    if (list_target) lists_.emplace(*std::move(list_target), connections);
}

result<std::vector<pg_rows>> postgres_database::state::read_through(pg_pool& through,
                                                                    std::span<pg_call const> calls,
                                                                    bool* repeated)
{
    // Who was silent for so long once is not asked again.
    auto const give_up = pg_pool::clock::now() + through.target().options().answer_timeout;
    for (int left = 3;; --left) {
        auto connection = through.take();
        if (connection.has_error()) return connection.error();
        auto answers = (*connection)->run(calls);
        if (answers.has_value()) return *std::move(answers);
        bool const hopeless = answers.error().what == pg_failure::kind::refused;
        if (hopeless || left == 1 || pg_pool::clock::now() >= give_up) return answers.error().why;
        if (repeated != nullptr) *repeated = true;
    }
}

result<pg_rows> postgres_database::state::read(pg_statement what, pg_parameters with)
{
    pg_call const call{what, std::move(with)};
    auto answers = read({&call, 1});
    if (answers.has_error()) return answers.error();
    return std::move(answers->front());
}

result<std::vector<pg_rows>> postgres_database::state::change(std::span<pg_call const> calls,
                                                              bool* repeated)
{
    auto* const unit = detail::unit_of_work::of(this);
    if (!unit) return read_through(pool, calls, repeated);
    auto answers = unit->run(calls);
    if (answers.has_error()) return answers.error().why;
    return *std::move(answers);
}

result<pg_rows> postgres_database::state::change(pg_statement what, pg_parameters with,
                                                 bool* repeated)
{
    pg_call const call{what, std::move(with)};
    auto answers = change({&call, 1}, repeated);
    if (answers.has_error()) return answers.error();
    return std::move(answers->front());
}

result<std::vector<pg_rows>> postgres_database::state::read_list(std::span<pg_call const> calls)
{
    // A replica that is away, or silent, would make every list wait for its failure. One that says
    // that a list takes too long is there: the same list would be no shorter in the store, which
    // then had all the others too.
    constexpr std::chrono::seconds left_alone(10);
    if (lists_ && pg_pool::clock::now() >= lists_not_before_.load()) {
        auto answers = read_through(*lists_, calls);
        if (answers.has_value() || answers.error().code != errc::backend_down) return answers;
        lists_not_before_ = pg_pool::clock::now() + left_alone;
    }
    return read(calls);
}

result<void> postgres_database::state::check_replica()
{
    if (!lists_) return {};
    pg_call const anything{{"sign_of_life", "SELECT 1"}, {}};
    auto const answered = read_through(*lists_, {&anything, 1});
    if (answered.has_error()) return answered.error();
    return {};
}

postgres_database::postgres_database(std::unique_ptr<state> s) : state_(std::move(s)) {}
postgres_database::~postgres_database() = default;

int postgres_database::schema_version() const noexcept { return state_->version; }

postgres_counts postgres_database::counts() const
{
    auto counts = state_->pool.counts();
    counts.settled = state_->settled;
    counts.unsettled = state_->unsettled;
    return counts;
}

result<void> postgres_database::check_replica() { return state_->check_replica(); }

result<bool> postgres_database::takes_changes()
{
    auto const answered = state_->read({"takes_changes", "SELECT NOT pg_is_in_recovery()"});
    if (answered.has_error()) return answered.error();
    return answered->integer(0, 0) != 0;
}

result<void> check_postgres_url(std::string const& url)
{
    auto const parsed = pg_target::parse(url, {}, "any");
    if (parsed.has_error()) return parsed.error();
    return {};
}

result<std::shared_ptr<postgres_database>> postgres_database::open(std::string const& url,
                                                                   postgres_options const& options)
{
    auto target = pg_target::parse(url, options, "read-write");
    if (target.has_error()) return target.error();
    std::optional<pg_target> lists;
    if (!options.list_url.empty()) {
        auto parsed = pg_target::parse(options.list_url, options, "any");
        if (parsed.has_error()) return parsed.error();
        lists = *std::move(parsed);
    }
    auto const connections = size_of_pool(options);
    auto made = std::make_unique<state>(*target, std::move(lists), connections);
    {
        auto first = made->pool.take();
        if (first.has_error()) return first.error();
        constexpr std::size_t watching = 1;
        if (auto const fits = check_limit(**first, connections + watching); fits.has_error())
            return fits.error();
        auto const version = detail::migrate(**first, options.migrate);
        if (version.has_error()) return version.error();
        made->version = *version;
    }
    made->schedule = std::make_unique<detail::schedule_watch>(*std::move(target));
    return std::shared_ptr<postgres_database>(new postgres_database(std::move(made)));
}

}  // namespace aircargo
