// Whatever bytes a schedule is opened from, nothing reads outside of them.

#include "decoded.hpp"
#include <aircargo/routing/earliest.hpp>
#include <aircargo/routing/pareto.hpp>
#include <aircargo/routing/profile.hpp>
#include <aircargo/routing/route_batch.hpp>
#include <aircargo/routing/search.hpp>
#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

namespace {

using namespace aircargo;
using namespace aircargo::test;

/// Exactly as large as the bytes, so that a sanitizer sees who leaves it.
class memory_block {
public:
    explicit memory_block(std::span<std::byte const> bytes)
        : bytes_(std::make_unique<std::byte[]>(bytes.size())), size_(bytes.size())
    {
        std::copy(bytes.begin(), bytes.end(), bytes_.get());
    }
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_;
};

/// Either the bytes themselves, or a sound block that they describe, then damage.
memory_block block_from(byte_source& bytes)
{
    if (bytes.one_in(4)) return memory_block(std::as_bytes(bytes.rest()));
    memory_block block(schedule(flights_from(bytes, 12)).bytes());
    auto const all = block.bytes();
    constexpr std::array values{0, 1, 2, 3, 64, 127, 128, 254, 255};
    while (!bytes.empty()) {
        // Often in the heads, where most harm could be done.
        auto const last = bytes.one_in(3) ? static_cast<int>(all.size()) - 1 : 400;
        auto const at = static_cast<std::size_t>(bytes.between(0, last)) % all.size();
        auto const length = static_cast<std::size_t>(bytes.one_of(std::array{1, 1, 2, 4, 8}));
        auto const value = bytes.one_in(2) ? bytes.byte() : bytes.one_of(values);
        std::memset(all.data() + at, value, std::min(length, all.size() - at));
    }
    return block;
}

void search_all_ways(schedule const& s, flight_network const& network, airport_code from,
                     airport_code to, utc_time start)
{
    using std::chrono::hours;
    day_window const day{start, start + hours(24), start + hours(48)};
    route_query q{.origin = from, .destination = to, .day = day};
    batch_part batch;
    batch_answer all;
    batch.begin(s, 2);
    auto const noted = batch.find(q);
    all.offsets.push_back(static_cast<std::int64_t>(noted.itineraries));
    all.make_room(2);
    batch.write(batch, noted, q, all, 0);

    q.limit = 3;
    for (auto const order : {route_order::arrival, route_order::duration}) {
        q.order = order;
        for (auto const& i : search(s, q).transit) (void)i.flights();
    }
    q.collapse_codeshares = q.through_flights = true;
    q.filter.airlines = {"AI"};
    (void)search(s, q);

    for (std::size_t const stops : {1, 3, 15}) {
        route_query far{.origin = from, .destination = to, .day = day, .max_stops = stops};
        far.connection = network.rule();
        far.limit = 3;
        (void)earliest_search()(network, far);
        (void)profile_search()(network, far);
        (void)search(s, far);
        far.cost = [](flight_view const&) { return std::int64_t{1}; };
        (void)pareto_search()(network, far);
    }
}

void use(schedule const& s)
{
    (void)s.flights();
    (void)s.horizon();
    connection_rule by_airline;
    by_airline.set("AI", "LH", std::chrono::minutes(30));
    for (auto const& rule : {connection_rule(), by_airline}) {
        flight_network const network(s, rule);
        auto const airports = s.airports().first(std::min<std::size_t>(s.airports().size(), 6));
        for (auto const from : airports) {
            for (auto const to : airports) search_all_ways(s, network, from, to, fuzz_day);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    byte_source bytes(std::span(data, size));
    auto const block = block_from(bytes);
    if (auto const s = schedule::from_bytes(nullptr, block.bytes())) use(*s);
    return 0;
}
