#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/flight_id.hpp>
#include <aircargo/core/flight_number.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace aircargo::detail {

/// How many of everything a schedule has; where each array lies follows from these numbers alone.
struct schedule_counts {
    std::uint32_t airports = 0;
    std::uint32_t lanes = 0;
    std::uint32_t flights = 0;
    std::uint32_t days = 0;     ///< entries of all lanes' day tables together
    std::uint32_t numbers = 0;  ///< different flight numbers
    std::uint32_t names = 0;    ///< different airline names
    std::uint32_t name_bytes = 0;

    /// 64-bit words in a row of airport bits.
    [[nodiscard]] std::uint32_t words() const noexcept { return (airports + 63) / 64; }
    friend bool operator==(schedule_counts const&, schedule_counts const&) = default;
};

struct schedule_head {
    static constexpr std::uint64_t this_form =
        0x0001'4443'5341'4341;  // "ACASCD" and the number of the form

    std::uint64_t form = this_form;
    std::uint64_t size = 0;      ///< bytes in all
    std::int64_t base_time = 0;  ///< seconds since 1970 at which the schedule's seconds start
    std::uint32_t first_departure = 0;  ///< in the schedule's seconds
    std::uint32_t last_departure = 0;
    schedule_counts counts;
};

/// The arrays of a schedule in one block of memory without pointers: it can be copied, written and
/// mapped.
struct schedule_arrays {
    schedule_head const* head = nullptr;

    // Read by every search.
    std::span<std::uint16_t>
        index_of_code;                  // by airport_code::index(); no_airport where nothing flies
    std::span<std::uint64_t> bits_out;  // a row of `words` an airport: where its lanes lead
    std::span<std::uint64_t> bits_in;   // and where they come from
    std::span<std::uint16_t>
        lanes_before_out;  // for each word of a row: set bits in the words before
    std::span<std::uint16_t> lanes_before_in;
    std::span<std::uint32_t> first_lane_out;  // by airport, one more at the end
    std::span<std::uint32_t> first_lane_in;   // into lanes_in
    std::span<std::uint32_t> lanes_in;        // lanes by destination, then origin
    std::span<std::uint32_t> first_flight;    // by lane, one more at the end
    std::span<std::uint32_t> first_day;       // by lane: the day of its first flight
    std::span<std::uint32_t> day_table_at;    // by lane, one more at the end: its part of day_table
    std::span<std::uint32_t>
        day_table;  // the first flight of each day; the last entry is the lane's end
    std::span<std::uint32_t> departure;
    std::span<std::uint32_t> arrival;
    std::span<std::uint32_t> least_arrival;

    // Read when an answer is shown.
    std::span<airport_code> airports;
    std::span<std::uint16_t> lane_origin;
    std::span<std::uint16_t> lane_destination;
    std::span<flight_id> id;
    std::span<std::uint32_t> number_rank;  // by flight: place in numbers
    std::span<std::uint32_t> name_rank;    // by flight: place in name_at
    std::span<flight_number> numbers;      // each once, in order
    std::span<std::uint32_t> name_at;      // airline names, each once; one more at the end
    std::span<char> names;

    static constexpr std::uint16_t no_airport = 0xFFFF;

    /// A zeroed block for so many of everything; sets the head's size.
    [[nodiscard]] static schedule_arrays make(schedule_head const& head);

    [[nodiscard]] std::span<std::byte const> bytes() const noexcept
    {
        return {reinterpret_cast<std::byte const*>(head), head->size};
    }

private:
    static constexpr std::size_t alignment = 64;  // a cache line

    /// Visits every array with the number of its elements: the only place that knows the layout.
    template <class Visit>
    void visit(schedule_counts const& n, Visit visit);

    std::shared_ptr<std::byte> memory_;
};

template <class Visit>
void schedule_arrays::visit(schedule_counts const& n, Visit visit)
{
    std::size_t const rows = std::size_t{n.airports} * n.words();
    visit(index_of_code, airport_code::index_count);
    visit(bits_out, rows);
    visit(bits_in, rows);
    visit(lanes_before_out, rows);
    visit(lanes_before_in, rows);
    visit(first_lane_out, n.airports + 1U);
    visit(first_lane_in, n.airports + 1U);
    visit(lanes_in, n.lanes);
    visit(first_flight, n.lanes + 1U);
    visit(first_day, n.lanes);
    visit(day_table_at, n.lanes + 1U);
    visit(day_table, n.days);
    visit(departure, n.flights);
    visit(arrival, n.flights);
    visit(least_arrival, n.flights);
    visit(airports, n.airports);
    visit(lane_origin, n.lanes);
    visit(lane_destination, n.lanes);
    visit(id, n.flights);
    visit(number_rank, n.flights);
    visit(name_rank, n.flights);
    visit(numbers, n.numbers);
    visit(name_at, n.names + 1U);
    visit(names, n.name_bytes);
}

inline schedule_arrays schedule_arrays::make(schedule_head const& head)
{
    auto const aligned = [](std::size_t at) {
        return (at + alignment - 1) / alignment * alignment;
    };
    schedule_arrays arrays;
    std::size_t size = sizeof(schedule_head);
    arrays.visit(head.counts, [&](auto& array, std::size_t count) {
        size = aligned(size) + count * sizeof(*array.data());
    });

    auto* const block = static_cast<std::byte*>(::operator new(size, std::align_val_t(alignment)));
    arrays.memory_.reset(block,
                         [](std::byte* p) { ::operator delete(p, std::align_val_t(alignment)); });
    std::memset(block, 0, size);
    auto* const placed = new (block) schedule_head(head);
    placed->size = size;
    arrays.head = placed;

    std::size_t at = sizeof(schedule_head);
    arrays.visit(head.counts, [&](auto& array, std::size_t count) {
        using element = std::remove_reference_t<decltype(*array.data())>;
        at = aligned(at);
        array = {reinterpret_cast<element*>(block + at), count};
        at += count * sizeof(element);
    });
    return arrays;
}

}  // namespace aircargo::detail
