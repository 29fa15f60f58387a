#include "service/cache_keys.hpp"
#include "service/codec.hpp"
#include <aircargo/service/tracking_service.hpp>
#include <cstddef>

namespace aircargo {
namespace {

/// Answers each reference from the cache or, all misses in one call, from the store, and fills what
/// it may.
template <class T, class KeyOf, class Decode, class Load, class RevisionOf>
[[nodiscard]] std::vector<result<T>> read_through(any_cache& cache, std::chrono::seconds ttl,
                                                  std::span<booking_ref const> refs, KeyOf key_of,
                                                  Decode decode, Load load, RevisionOf revision_of)
{
    std::vector<std::string> keys;
    keys.reserve(refs.size());
    for (auto const& ref : refs) keys.push_back(key_of(ref));
    auto const cached = cache.get(keys);

    std::vector<std::optional<T>> known(refs.size());
    std::vector<booking_ref> missing;
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (cached[i].value) known[i] = decode(*cached[i].value);
        if (!known[i]) missing.push_back(refs[i]);
    }
    auto loaded = missing.empty() ? std::vector<result<T>>() : load(missing);

    std::vector<result<T>> out;
    std::vector<cache_entry> fills;
    out.reserve(refs.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < refs.size(); ++i) {
        if (known[i]) {
            out.emplace_back(*std::move(known[i]));
            continue;
        }
        auto& answer = loaded[next++];
        if (answer.has_value() && cached[i].token != 0) {
            fills.push_back(
                {keys[i], detail::encode(*answer), revision_of(*answer), ttl, cached[i].token});
        }
        out.push_back(std::move(answer));
    }
    if (!fills.empty()) cache.put(fills);
    return out;
}

}  // namespace

std::vector<result<booking>> tracking_service::find(std::span<booking_ref const> refs)
{
    return read_through<booking>(
        cache_, cache_ttl_, refs, detail::booking_cache_key, detail::decode_booking,
        [this](auto const& missing) { return bookings_.find(missing); },
        [](booking const& b) { return b.revision; });
}

std::vector<result<std::vector<event>>> tracking_service::history(std::span<booking_ref const> refs)
{
    return read_through<std::vector<event>>(
        cache_, cache_ttl_, refs, detail::history_cache_key, detail::decode_history,
        [this](auto const& missing) { return bookings_.history(missing); },
        [](std::vector<event> const& events) { return events.back().seq; });
}

result<booking_page> tracking_service::list(booking_query const& query)
{
    return bookings_.list(query);
}

}  // namespace aircargo
