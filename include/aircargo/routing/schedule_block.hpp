#pragma once

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/result.hpp>
#include <aircargo/core/utc_time.hpp>
#include <aircargo/routing/lane.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#if defined(__linux__)
#include <sys/mman.h>
#endif

/// A whole schedule as one piece of memory without pointers: it can be written to a file and used
/// from one where it lies.
namespace aircargo::detail {

inline constexpr std::uint64_t block_mark = 0x4443'5341'4341;  // "ACASCD"
inline constexpr std::size_t block_alignment = 64;             // a cache line
inline constexpr std::size_t part_alignment = 8;

/// Where an array lies in a block.
struct block_part {
    std::uint64_t at = 0;
    std::uint64_t size = 0;  ///< bytes
};

struct block_head {
    std::uint64_t mark = block_mark;
    std::uint32_t version = 1;
    std::uint32_t lane_form = 0;  ///< which class reads the lanes
    std::uint64_t size = 0;       ///< bytes in all
    std::int64_t base_time = 0;   ///< seconds since 1970 at which the schedule's seconds start
    std::uint64_t flights = 0;
    seconds32 first_departure = 0;
    seconds32 last_departure = 0;
    block_part airports;   ///< codes, three letters each
    block_part name_ends;  ///< of the airlines' names
    block_part names;
    block_part lanes;  ///< heads, by origin, then destination
    block_part hot;
    block_part cold;
};

/// The flights of one lane on their way into a block.
struct lane_flights {
    airport_index origin;
    airport_index destination;
    std::span<lane_flight const> flights;
};

/// What a block is made from.
struct block_contents {
    std::int64_t base_time = 0;
    std::vector<airport_code> airports;
    std::vector<std::string> airlines;
    std::vector<lane_flights> lanes;
};

[[nodiscard]] constexpr std::size_t aligned(std::size_t size, std::size_t to) noexcept
{
    return (size + to - 1) / to * to;
}

/// A block of memory together with what keeps it alive.
class block {
public:
    block(std::shared_ptr<void const> keep, std::byte const* data)
        : keep_(std::move(keep)), data_(data)
    {}

    [[nodiscard]] block_head const& head() const noexcept
    {
        return *reinterpret_cast<block_head const*>(data_);
    }
    [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return {data_, head().size}; }
    [[nodiscard]] std::byte const* at(block_part const& part) const noexcept
    {
        return data_ + part.at;
    }
    [[nodiscard]] std::span<lane_head const> lanes() const noexcept
    {
        return {reinterpret_cast<lane_head const*>(at(head().lanes)),
                head().lanes.size / sizeof(lane_head)};
    }
    [[nodiscard]] std::vector<airport_code> airports() const;
    [[nodiscard]] std::vector<std::string> airlines() const;

private:
    std::shared_ptr<void const> keep_;
    std::byte const* data_;
};

inline std::vector<airport_code> block::airports() const
{
    auto const* const letters = reinterpret_cast<char const*>(at(head().airports));
    std::vector<airport_code> codes;
    for (std::size_t i = 0; i + 3 <= head().airports.size; i += 3) {
        if (auto const code = airport_code::parse({letters + i, 3})) codes.push_back(*code);
    }
    return codes;
}

inline std::vector<std::string> block::airlines() const
{
    auto const* const ends = at(head().name_ends);
    auto const* const text = reinterpret_cast<char const*>(at(head().names));
    std::vector<std::string> names;
    std::size_t from = 0;
    for (std::size_t i = 0; i < head().name_ends.size / sizeof(std::uint32_t); ++i) {
        std::size_t const end = std::clamp<std::size_t>(
            load<std::uint32_t>(ends + i * sizeof(std::uint32_t)), from, head().names.size);
        names.emplace_back(text + from, end - from);
        from = end;
    }
    return names;
}

/// Memory on a cache line's border; large pieces come in large pages where the system has them, so
/// that the processor need not look up where each small page of a schedule lies.
[[nodiscard]] inline std::shared_ptr<std::byte> aligned_memory(std::size_t size)
{
    constexpr std::size_t large_page = std::size_t{2} << 20U;
    auto const alignment = std::align_val_t(size < large_page ? block_alignment : large_page);
    auto* const memory = static_cast<std::byte*>(::operator new(size, alignment));
#if defined(__linux__)
    if (size >= large_page) ::madvise(memory, size / large_page * large_page, MADV_HUGEPAGE);
#endif
    return {memory, [alignment](std::byte* p) { ::operator delete(p, alignment); }};
}

/// Heads for all lanes, with their places, and the whole block's head.
template <lane_form Lane>
[[nodiscard]] std::pair<block_head, std::vector<lane_head>> plan_block(block_contents const& from)
{
    block_head head;
    head.lane_form = Lane::form_number;
    head.base_time = from.base_time;
    head.first_departure = never;

    std::vector<lane_head> lanes;
    std::size_t hot = 0;
    std::size_t cold = 0;
    for (auto const& l : from.lanes) {
        auto& lane = lanes.emplace_back(Lane::head_of(l.flights));
        lane.origin = l.origin;
        lane.destination = l.destination;
        lane.hot = hot;
        lane.cold = cold;
        auto const sizes = Lane::sizes_of(lane);
        hot += aligned(sizes.hot, part_alignment);
        cold += aligned(sizes.cold, part_alignment);
        head.flights += l.flights.size();
        if (l.flights.empty()) continue;
        head.first_departure = std::min(head.first_departure, l.flights.front().departure);
        head.last_departure = std::max(head.last_departure, l.flights.back().departure);
    }

    std::size_t end = sizeof(block_head);
    auto const place = [&](std::size_t size) {
        block_part const part{aligned(end, block_alignment), size};
        end = part.at + part.size;
        return part;
    };
    std::size_t text = 0;
    for (auto const& name : from.airlines) text += name.size();
    head.airports = place(from.airports.size() * 3);
    head.name_ends = place(from.airlines.size() * sizeof(std::uint32_t));
    head.names = place(text);
    head.lanes = place(lanes.size() * sizeof(lane_head));
    head.hot = place(hot + lane_slack * sizeof(seconds32));
    head.cold = place(cold);
    head.size = aligned(end, block_alignment);
    return {head, std::move(lanes)};
}

inline void write_texts(block_contents const& from, block_head const& head, std::byte* data)
{
    auto* letters = reinterpret_cast<char*>(data + head.airports.at);
    for (auto const code : from.airports) {
        letters = std::copy(code.str().begin(), code.str().end(), letters);
    }
    std::uint32_t end = 0;
    auto* ends = data + head.name_ends.at;
    for (auto const& name : from.airlines) {
        std::memcpy(data + head.names.at + end, name.data(), name.size());
        end += static_cast<std::uint32_t>(name.size());
        std::memcpy(ends, &end, sizeof end);
        ends += sizeof end;
    }
}

/// Same contents, same bytes.
template <lane_form Lane>
[[nodiscard]] block write_block(block_contents const& from)
{
    auto const [head, lanes] = plan_block<Lane>(from);
    auto memory = aligned_memory(head.size);
    auto* const data = memory.get();
    // What no lane fills: all before them, and behind each kind of their parts.
    auto const hot_end = head.hot.at + head.hot.size - lane_slack * sizeof(seconds32);
    auto const cold_end = head.cold.at + head.cold.size;
    std::memset(data, 0, head.hot.at);
    std::memset(data + hot_end, 0, head.cold.at - hot_end);
    std::memset(data + cold_end, 0, head.size - cold_end);
    std::memcpy(data, &head, sizeof head);
    write_texts(from, head, data);
    if (!lanes.empty()) {
        std::memcpy(data + head.lanes.at, lanes.data(), lanes.size() * sizeof(lane_head));
    }
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        auto* const hot = data + head.hot.at + lanes[i].hot;
        auto* const cold = data + head.cold.at + lanes[i].cold;
        auto const sizes = Lane::sizes_of(lanes[i]);
        std::memset(hot + sizes.hot, 0, aligned(sizes.hot, part_alignment) - sizes.hot);
        std::memset(cold + sizes.cold, 0, aligned(sizes.cold, part_alignment) - sizes.cold);
        Lane::write(from.lanes[i].flights, lanes[i], hot, cold);
    }
    return block(memory, data);
}

/// Why bytes can not be a schedule of this form; nothing when every place that a search computes
/// from them lies within them. Times that are out of order are not looked for: they give wrong
/// answers, not wrong accesses.
template <lane_form Lane>
[[nodiscard]] std::optional<std::string_view> fault_of_bytes(std::span<std::byte const> bytes)
{
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % part_alignment != 0) {
        return "does not start at a multiple of 8 bytes in memory";
    }
    if (bytes.size() < sizeof(block_head)) return "is shorter than a head";
    auto const head = load<block_head>(bytes.data());
    if (head.mark != block_mark) return "is not a schedule";
    if (head.version != 1) return "is of a version that this program does not know";
    if (head.lane_form != Lane::form_number) return "keeps its flights in another form";
    if (head.size != bytes.size()) return "was cut off or has something behind it";
    // Far enough from the ends of the number that adding to it can not pass them.
    constexpr utc_time calendar_start = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
    constexpr utc_time calendar_end = std::chrono::sys_days(std::chrono::year(9999) / 1 / 1);
    if (head.base_time < to_epoch(calendar_start) || head.base_time > to_epoch(calendar_end)) {
        return "starts at a time that no calendar has";
    }

    auto const within = [](block_part const& part, std::uint64_t size) {
        return part.at % part_alignment == 0 && part.at <= size && part.size <= size - part.at;
    };
    for (auto const& part :
         {head.airports, head.name_ends, head.names, head.lanes, head.hot, head.cold}) {
        if (!within(part, head.size)) return "has a part outside of itself";
    }
    constexpr std::size_t slack = lane_slack * sizeof(seconds32);
    if (head.hot.size < slack) return "has no room behind its flights";
    block const b(nullptr, bytes.data());
    auto const airports = b.airports();
    if (airports.size() * 3 != head.airports.size) return "has an airport code that is none";
    if (airports.size() > std::numeric_limits<airport_index>::max()) return "has too many airports";

    lane_head const* before = nullptr;
    std::uint64_t flights = 0;
    for (auto const& lane : b.lanes()) {
        bool const in_order = !before || std::tie(before->origin, before->destination) <
                                             std::tie(lane.origin, lane.destination);
        if (!in_order) return "has lanes that are out of order";
        if (lane.origin >= airports.size() || lane.destination >= airports.size()) {
            return "has a lane between airports that it does not have";
        }
        auto const sizes = Lane::sizes_of(lane);
        if (!within({lane.hot, sizes.hot}, head.hot.size - slack) ||
            !within({lane.cold, sizes.cold}, head.cold.size)) {
            return "has a lane outside of itself";
        }
        if (!Lane::is_sound(lane, b.at(head.hot) + lane.hot)) return "has a lane that is not sound";
        flights += lane.flights;
        before = &lane;
    }
    if (flights != head.flights) return "has another number of flights than it says";
    return std::nullopt;
}

}  // namespace aircargo::detail
