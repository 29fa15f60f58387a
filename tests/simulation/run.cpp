#include "simulation/run.hpp"
#include "simulation/buggy_cache.hpp"
#include "simulation/checker.hpp"
#include "simulation/instance.hpp"
#include "simulation/mutations.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/cache/redis.hpp>
#include <aircargo/lock/memory.hpp>
#include <aircargo/lock/redis.hpp>
#include <aircargo/service/verify.hpp>
#include <aircargo/store/memory.hpp>
#include <aircargo/tracking/next_activity.hpp>
#include <algorithm>
#include <map>

namespace aircargo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_ttl = 1'000ms;
constexpr auto trouble = 10s;  // then the faults stop
constexpr auto calm = 40s;     // and everything must come to an end

/// What the instances are made of.
enum class profile { one_redis, redlock_of_3, redlock_of_5, proceed, alone };

[[nodiscard]] std::string name_of(profile p)
{
    switch (p) {
        case profile::one_redis: return "one Redis, its hold is the lock";
        case profile::redlock_of_3: return "Redlock of 3, cache in one of them";
        case profile::redlock_of_5: return "Redlock of 5, cache in one of them";
        case profile::proceed: return "lock in Redis, proceeding without";
        case profile::alone: return "one instance, cache in memory";
    }
    return "?";
}

[[nodiscard]] profile drawn(chance& random)
{
    auto const n = random.below(10);
    if (n < 5) return profile::one_redis;
    if (n < 7) return profile::redlock_of_3;
    if (n < 8) return profile::redlock_of_5;
    return n < 9 ? profile::proceed : profile::alone;
}

[[nodiscard]] std::size_t nodes_of(profile p)
{
    switch (p) {
        case profile::redlock_of_3: return 3;
        case profile::redlock_of_5: return 5;
        case profile::alone: return 0;
        default: return 1;
    }
}

enum fault_bit : std::uint32_t {
    slow = 1U,
    lost = 2U,
    store_fails = 4U,
    store_unknown = 8U,
    pauses = 16U,
    crashes = 32U,
    restarts = 64U,
    flushes = 128U,
    partitions = 256U,
    jumps = 512U
};

/// Four legs, so that a booking has ten revisions to go through.
[[nodiscard]] std::vector<flight> the_flights()
{
    constexpr std::array stops{"DEL", "BOM", "MAA", "HYD", "BLR"};
    auto const code = [](char const* s) { return airport_code::parse(s).value(); };
    std::vector<flight> flights;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
        auto const departure = from_epoch(1'764'590'400) + std::chrono::hours(6 * i);
        flight const f{.id = flight_id(0),
                       .number = flight_number::parse("AI10" + std::to_string(i)).value(),
                       .origin = code(stops.at(i)),
                       .destination = code(stops.at(i + 1)),
                       .departure = departure,
                       .arrival = departure + std::chrono::hours(2)};
        flights.push_back(f);
    }
    return flights;
}

class world {
public:
    world(std::uint64_t seed, plan const& p)
        : plan_(p),
          random_(seed),
          follows_(~seed),
          profile_(drawn(random_)),
          store_(make_booking_store<memory_booking_store>(ref_key{random_(), random_()})),
          flights_(make_flight_store<memory_flight_store>())
    {
        scheduler_.show = p.show;
        planned_ = flights_->upsert(the_flights()).value();
        for (std::size_t i = 0; i < nodes_of(profile_); ++i) {
            servers_.push_back(std::make_shared<redis_server>(scheduler_, scripts(), i));
            servers_.back()->mutate = mutation_of(p.planted);
            servers_down_.push_back(std::make_unique<bool>(false));
        }
        auto const count = profile_ == profile::alone ? 1U : 2U + random_.below(2);
        for (std::size_t i = 0; i < count; ++i) {
            cut_off_.push_back(std::make_unique<std::vector<bool>>(servers_.size(), false));
            instances_.push_back(nullptr);
            links_.emplace_back();
            start_instance(i);
        }
        draw_faults();
    }

    [[nodiscard]] outcome run()
    {
        for (unsigned c = 0; c < plan_.clients; ++c)
            scheduler_.start([this, c] { live(c, chance(random_())); });
        scheduler_.start([this] { follow(); });
        auto const began = scheduler_.now();
        scheduler_.at(began + trouble, [this] { end_faults(); });
        scheduler_.run(began + trouble + calm);

        outcome out;
        out.profile = name_of(profile_);
        is_over_ = true;
        out.violation = judge();
        out.trace_hash = scheduler_.trace_hash();
        out.operations = operations_.size();
        out.changes = changes_;
        out.hits = hits_;
        end_all_tasks();
        return out;
    }

private:
    /// Nothing may be in the middle of a service's call when this world goes.
    void end_all_tasks()
    {
        for (auto const& i : instances_) i->crash();
        scheduler_.run(time_point::max());
    }

    /// Compiling takes longer than a run.
    [[nodiscard]] static redis_server::scripts& scripts()
    {
        static redis_server::scripts shared;
        return shared;
    }

    // ------------------------------------------------------------------------- what there is

    void start_instance(std::size_t i);
    [[nodiscard]] std::shared_ptr<redis_node> link(std::size_t i, std::size_t server,
                                                   std::shared_ptr<instance_life> const& life);
    [[nodiscard]] std::unique_ptr<any_cache> cache_for(std::size_t i,
                                                       std::shared_ptr<instance_life> const& life);
    [[nodiscard]] std::unique_ptr<any_lock_manager> locks_for(
        std::size_t i, std::shared_ptr<instance_life> const& life);
    [[nodiscard]] monotonic_clock clock()
    {
        return [this] { return scheduler_.now(); };
    }

    // ------------------------------------------------------------------------- what goes wrong

    [[nodiscard]] bool may(fault_bit kind) const { return (plan_.faults & kind) != 0; }
    void draw_faults();
    void end_faults();
    void disturb(fault_bit kind, std::chrono::milliseconds mean, std::function<void()> fault);

    // ------------------------------------------------------------------------- what is done

    void live(unsigned client, chance random);
    void book(chance& random);
    void act(chance& random, std::string const& ref);
    void read(chance& random);
    void write(booking_request request, operation asked, chance& random);
    void follow();
    void read_log();
    /// Whether the cache's Redis answered an instance when it was last asked.
    [[nodiscard]] bool reaches_cache(std::size_t i) const
    {
        return links_[i].empty() || (links_[i].front()->state().up && !links_[i].front()->broken);
    }
    [[nodiscard]] instance& any_instance(chance& random)
    {
        return *instances_[random.below(instances_.size())];
    }
    [[nodiscard]] std::string any_booking(chance& random) const
    {
        auto const newest = std::min<std::size_t>(refs_.size(), 2);
        return refs_[refs_.size() - 1 - random.below(newest)];
    }

    // ------------------------------------------------------------------------- what came of it

    [[nodiscard]] std::optional<std::string> judge();
    [[nodiscard]] truth in_the_end();

    plan plan_;
    chance random_;
    chance follows_;  // of its own, so that its reads change nothing for the others
    profile profile_;
    scheduler scheduler_;
    faults faults_;
    std::unique_ptr<any_booking_store> store_;
    std::unique_ptr<any_flight_store> flights_;
    std::vector<flight> planned_;
    std::vector<std::shared_ptr<redis_server>> servers_;
    std::vector<std::unique_ptr<bool>> servers_down_;
    std::vector<std::unique_ptr<std::vector<bool>>>
        cut_off_;  // of each instance, from which server
    std::vector<std::vector<std::shared_ptr<redis_link>>> links_;
    std::vector<std::shared_ptr<instance>> instances_;
    std::array<std::chrono::seconds, 3> walls_ahead_{};      // the wall clocks of instances differ
    std::vector<std::shared_ptr<instance>> dead_instances_;  // what they sent is still under way

    std::vector<std::string> refs_;
    std::map<std::string, booking> last_seen_;
    std::vector<operation> operations_;
    log_query follower_{};
    std::vector<logged_event> followed_;
    std::uint64_t tags_ = 0;
    std::uint64_t changes_ = 0;
    std::uint64_t hits_ = 0;
    unsigned clients_done_ = 0;
    bool is_calm_ = false;
    bool is_over_ = false;
};

// ------------------------------------------------------------------------------ what there is

std::shared_ptr<redis_node> world::link(std::size_t i, std::size_t server,
                                        std::shared_ptr<instance_life> const& life)
{
    auto made = std::make_shared<redis_link>(scheduler_, random_, faults_, servers_[server], life);
    made->server_down = servers_down_[server].get();
    made->broken = (*cut_off_[i])[server];
    links_[i].push_back(made);
    return made;
}

std::unique_ptr<any_cache> world::cache_for(std::size_t i,
                                            std::shared_ptr<instance_life> const& life)
{
    if (profile_ == profile::proceed) return make_cache<no_cache>();
    if (profile_ == profile::alone) {
        return make_cache<memory_cache>(
            memory_cache::options{.token_ttl = 200ms, .now = clock(), .seed = random_()});
    }
    redis_cache_options options;
    options.longest_hold = lease_ttl;
    options.token_ttl = 200ms;
    options.now = clock();
    options.seed = random_();
    return make_cache<redis_cache>(link(i, 0, life), options);
}

std::unique_ptr<any_lock_manager> world::locks_for(std::size_t i,
                                                   std::shared_ptr<instance_life> const& life)
{
    if (profile_ == profile::one_redis) return make_lock_manager<no_locks>();
    if (profile_ == profile::alone)
        return make_lock_manager<memory_lock_manager>(clock(), random_());
    std::vector<std::shared_ptr<redis_node>> nodes;
    for (std::size_t n = 0; n < servers_.size(); ++n) nodes.push_back(link(i, n, life));
    redis_lock_options options;
    options.now = clock();
    options.seed = random_();
    return make_lock_manager<redis_lock_manager>(std::move(nodes), options);
}

void world::start_instance(std::size_t i)
{
    links_[i].clear();
    auto const life = std::make_shared<instance_life>(scheduler_, random_, faults_);
    parts p;
    p.life = life;
    p.bookings =
        std::make_unique<store_link>(scheduler_, random_, faults_, *store_, life, plan_.planted);
    p.bookings->ends_with_caller = profile_ == profile::alone;
    p.flights = flights_.get();
    p.cache = with_bug(plan_.planted, cache_for(i, life));
    p.locks = locks_for(i, life);
    p.wall = [this, i] {
        return from_epoch(1'764'590'400) + walls_ahead_[i] +
               std::chrono::floor<std::chrono::seconds>(scheduler_.now().time_since_epoch());
    };
    p.changes.lease_ttl = lease_ttl;
    p.changes.cache_ttl = 3s;
    p.changes.steady = clock();
    if (profile_ == profile::proceed)
        p.changes.on_lock_unavailable = lock_unavailable_policy::proceed;
    if (instances_[i]) dead_instances_.push_back(instances_[i]);
    instances_[i] = std::make_shared<instance>(scheduler_, random_, std::move(p));
    instances_[i]->start_workers(1 + static_cast<unsigned>(random_.below(2)));
}

// --------------------------------------------------------------------------- what goes wrong

/// Some seeds have much trouble of one kind, others a little of all.
void world::draw_faults()
{
    auto const rate = [&](fault_bit kind, std::uint64_t most) -> std::uint64_t {
        auto const drawn = random_.one_in(3) ? 0 : most + random_.below(most * 20);
        return may(kind) ? drawn : 0;
    };
    faults_.slow = rate(slow, 4);
    faults_.request_lost = rate(lost, 20);
    faults_.answer_lost = rate(lost, 20);
    faults_.cut_in_between = rate(lost, 30);
    faults_.store_fails = rate(store_fails, 20);
    faults_.store_unknown = rate(store_unknown, 8);
    faults_.pause = rate(pauses, 60);

    disturb(jumps, 2'000ms, [this] {
        auto const i = random_.below(instances_.size());
        walls_ahead_[i] = std::chrono::seconds(random_.below(7'200)) - 1h;
    });
    disturb(crashes, 4'000ms, [this] {
        auto const i = random_.below(instances_.size());
        instances_[i]->crash();
        start_instance(i);
    });
    if (servers_.empty()) return;
    auto const some = [this] { return random_.below(servers_.size()); };
    disturb(jumps, 1'000ms, [this, some] {
        scheduler_.note("the clock of redis is set");
        servers_[some()]->set_clock(random_.between(0ms, 4'000ms));
    });
    disturb(flushes, 2'500ms, [this, some] {
        scheduler_.note("redis flushed");
        servers_[some()]->flush();
    });
    disturb(restarts, 2'500ms, [this, some] {
        auto const which = some();
        scheduler_.note("redis goes down", which);
        *servers_down_[which] = true;
        scheduler_.after(random_.between(1ms, 800ms), [this, which] {
            scheduler_.note("redis comes back", which);
            *servers_down_[which] = false;
            random_.one_in(2) ? servers_[which]->restart_empty()
                              : servers_[which]->restart_from_dump();
        });
    });
    disturb(restarts, 1'500ms, [this, some] { servers_[some()]->save(); });
    disturb(partitions, 2'500ms, [this, some] {
        auto const server = some();
        auto const i = random_.below(instances_.size());
        auto const set = [this, i, server](bool broken) {
            scheduler_.note(broken ? "partition" : "partition ends", i, server);
            (*cut_off_[i])[server] = broken;
            for (auto const& l : links_[i])
                if (l->leads_to(*servers_[server])) l->broken = broken;
        };
        set(true);
        scheduler_.after(random_.between(1ms, 1'500ms), [set] { set(false); });
    });
}

void world::disturb(fault_bit kind, std::chrono::milliseconds mean, std::function<void()> fault)
{
    if (!may(kind) || random_.one_in(2)) return;
    mean /= 1 + random_.below(10);
    auto const next = std::make_shared<std::function<void()>>();
    *next = [this, mean, next_weak = std::weak_ptr(next), fault = std::move(fault)] {
        if (is_calm_) return;
        fault();
        if (auto const again = next_weak.lock())
            scheduler_.after(random_.between(mean / 4, mean * 2), [again] { (*again)(); });
    };
    scheduler_.after(random_.between(mean / 4, mean * 2), [next] { (*next)(); });
}

void world::end_faults()
{
    scheduler_.note("the faults stop");
    is_calm_ = true;
    faults_ = {};
}

// ------------------------------------------------------------------------------ what is done

void world::live(unsigned client, chance random)
{
    if (client == 0 || random.one_in(3)) book(random);
    for (unsigned n = 0; n < plan_.operations; ++n) {
        scheduler_.sleep(random.between(1ms, random.one_in(4) ? 1'200ms : 60ms));
        if (refs_.empty() || random.one_in(12)) {
            book(random);
        } else if (random.one_in(2)) {
            act(random, any_booking(random));
        } else {
            read(random);
        }
    }
    ++clients_done_;
}

void world::book(chance& random)
{
    book_request r{.origin = planned_.front().origin,
                   .destination = planned_.back().destination,
                   .pieces = 1,
                   .gross = weight::from_kg(1).value()};
    for (auto const& f : planned_) r.flights.push_back(f.id);
    operation o;
    o.creates = true;
    write(std::move(r), std::move(o), random);
}

void world::act(chance& random, std::string const& ref)
{
    auto const& seen = last_seen_.at(ref);
    act_request r{.ref = seen.terms.ref, .act = all_booking_acts[random.below(4)]};
    if (auto const next = next_expected_activity(seen); next && !random.one_in(4)) {
        r.act = next->act;
        r.location = next->location;
    } else if (r.act == booking_act::cancel && !random.one_in(8)) {
        r.act = booking_act::depart;
    }
    if (random.one_in(6)) r.if_revision = seen.revision;
    operation o;
    o.ref = ref;
    o.act = r.act;
    o.location = r.location;
    o.if_revision = r.if_revision;
    write(std::move(r), std::move(o), random);
}

/// With a key it is sent again until an answer says what became of it.
void world::write(booking_request request, operation asked, chance& random)
{
    asked.tag = "op" + std::to_string(++tags_);
    bool const keyed = random.one_in(2);
    std::visit(
        [&](auto& r) {
            r.note.request_id = asked.tag;
            if (keyed) r.key = idempotency_key{"client", asked.tag, "hash"};
        },
        request);
    for (int attempt = 0; attempt < (keyed ? 6 : 1); ++attempt) {
        auto const place = operations_.size();
        operations_.push_back(asked);
        operations_[place].asked = scheduler_.tick();
        scheduler_.note("ask", tags_);
        auto answer = any_instance(random).write(request);
        scheduler_.note("told", tags_, answer && *answer ? 1 : 0);
        auto& o = operations_[place];
        if (answer) {
            o.told = scheduler_.tick();
            if (*answer) {
                o.seen = **answer;
                o.ref = o.seen->terms.ref.str();
                ++changes_;
                if (o.creates && !last_seen_.contains(o.ref)) refs_.push_back(o.ref);
                last_seen_.insert_or_assign(o.ref, *o.seen);
                return;
            }
            o.refusal = answer->error().code;
            if (group_of(*o.refusal) != errc_group::unavailable) return;
        }
        scheduler_.sleep(random.between(1ms, 900ms));
    }
}

void world::read(chance& random)
{
    std::vector<booking_ref> refs;
    for (auto n = random.below(3) + 1; n > 0; --n)
        refs.push_back(last_seen_.at(any_booking(random)).terms.ref);
    bool const history = random.one_in(4);
    auto const asked = scheduler_.tick();
    scheduler_.note("read", refs.size(), history ? 1 : 0);
    auto const which = random.below(instances_.size());
    auto const at = instances_[which];
    std::vector<result<booking>> found;
    std::vector<result<std::vector<event>>> told;
    try {
        auto const before = at->tracking().counts().hits;
        if (history) {
            told = at->tracking().history(refs);
        } else {
            found = at->tracking().find(refs);
        }
        hits_ += at->tracking().counts().hits - before;
    } catch (crashed const&) {
        scheduler_.running()->unwinding = false;  // the client lives on
        return;
    }
    bool const untold = !reaches_cache(which);
    scheduler_.note("read", refs.size(), untold ? 1 : 0);
    for (std::size_t i = 0; i < refs.size(); ++i) {
        operation o;
        o.what = history ? operation::kind::history : operation::kind::find;
        o.ref = refs[i].str();
        o.asked = asked;
        o.told = scheduler_.tick();
        o.untold = untold;
        if (history) {
            told[i] ? void(o.events = *told[i]) : void(o.refusal = told[i].error().code);
        } else if (found[i]) {
            o.seen = *found[i];
            last_seen_.insert_or_assign(o.ref, *o.seen);
        } else {
            o.refusal = found[i].error().code;
        }
        operations_.push_back(std::move(o));
    }
}

/// Reads the log from where it was left, as those do who pass events on.
void world::follow()
{
    while (!is_over_) {
        scheduler_.sleep(follows_.between(1ms, 500ms));
        read_log();
    }
}

void world::read_log()
{
    follower_.limit = 1 + follows_.below(20);
    auto page = store_->log_after(follower_).value();
    auto const next = next_position(page, follower_);
    if (plan_.planted == bug::late_commit_passed_over && !page.events.empty() && follows_.one_in(8))
        page.events.erase(page.events.begin());
    followed_.insert(followed_.end(), page.events.begin(), page.events.end());
    follower_.after = next;
    scheduler_.note("log", static_cast<std::uint64_t>(next));
}

// --------------------------------------------------------------------------- what came of it

truth world::in_the_end()
{
    truth out;
    auto const page = store_->list({.page_size = booking_query::max_page_size}).value();
    for (auto const& b : page.items) {
        auto const& ref = b.terms.ref;
        out.bookings.emplace(ref.str(),
                             truth::life{b.terms, store_->history({&ref, 1}).front().value()});
    }
    return out;
}

std::optional<std::string> world::judge()
{
    if (clients_done_ != plan_.clients)
        return "progress: " + std::to_string(plan_.clients - clients_done_) +
               " clients wait still, long after the faults stopped";
    auto const end = in_the_end();
    for (auto& o : operations_) {  // of creations whose answer was lost
        if (!o.ref.empty()) continue;
        for (auto const& [ref, life] : end.bookings)
            if (life.events.front().request_id == o.tag) o.ref = ref;
    }
    if (auto found = find_violation(operations_, end)) return found;
    while (follower_.after < store_->log_after({.limit = 0})->end) read_log();
    if (auto found = find_log_violation(followed_, end)) return found;
    if (auto const report = verify(*store_).value(); !report.differences.empty())
        return "fold: " + report.differences.front().ref.str() + ": " +
               report.differences.front().what;
    return std::nullopt;
}

}  // namespace

outcome run_seed(std::uint64_t seed, plan const& p) { return world(seed, p).run(); }

}  // namespace aircargo::simulation
