#include "service/cache_keys.hpp"
#include "service/codec.hpp"
#include <aircargo/service/tracking_service.hpp>
#include <cstddef>
#include <unordered_map>

namespace aircargo {
namespace {

/// The references without repetitions, and where each one asked for stands among them.
struct distinct_refs {
    std::vector<booking_ref> refs;
    std::vector<std::size_t> places;

    explicit distinct_refs(std::span<booking_ref const> asked)
    {
        std::unordered_map<booking_ref, std::size_t> known;
        for (auto const& ref : asked) {
            auto const [at, is_new] = known.try_emplace(ref, refs.size());
            if (is_new) refs.push_back(ref);
            places.push_back(at->second);
        }
    }
};

}  // namespace

/// Answers each reference from the cache or, all misses in one call, from the store. Of what is
/// missing a batch reads one copy. It tells the cache of all that it read, also where it may not
/// fill, and under the other key of the same booking: nobody is to be given anything older from
/// then on.
template <class T, class KeyOf, class OtherKeyOf, class Decode, class Load, class RevisionOf>
std::vector<result<T>> tracking_service::read_through(std::span<booking_ref const> asked,
                                                      KeyOf key_of, OtherKeyOf other_key_of,
                                                      Decode decode, Load load,
                                                      RevisionOf revision_of)
{
    distinct_refs const distinct(asked);
    auto const& refs = distinct.refs;
    std::vector<cache_key> keys;
    keys.reserve(refs.size());
    for (auto const& ref : refs) keys.push_back(key_of(ref));
    auto const cached = cache_.get(keys);

    std::vector<result<T>> answers;
    std::vector<booking_ref> missing;
    std::vector<std::size_t> missed;  // their places
    answers.reserve(refs.size());
    for (std::size_t i = 0; i < refs.size(); ++i) {
        auto known = cached[i].value ? decode(*cached[i].value) : std::optional<T>();
        if (known) {
            answers.emplace_back(*std::move(known));
        } else {
            answers.emplace_back(booking_not_found(refs[i]));
            missing.push_back(refs[i]);
            missed.push_back(i);
        }
    }
    hits_ += refs.size() - missing.size();
    misses_ += missing.size();

    auto loaded = missing.empty() ? std::vector<result<T>>() : load(missing);
    std::vector<cache_entry> read;
    for (std::size_t k = 0; k < loaded.size(); ++k) {
        auto const i = missed[k];
        answers[i] = std::move(loaded[k]);
        if (answers[i].has_error()) continue;
        auto const token = cached[i].token;
        auto const revision = revision_of(*answers[i]);
        read.push_back({keys[i], token != 0 ? detail::encode(*answers[i]) : std::string(), revision,
                        cache_ttl_, token});
        if (revision > 1) read.push_back({other_key_of(refs[i]), {}, revision});
    }
    if (!read.empty()) cache_.fill(read);

    if (asked.size() == refs.size()) return answers;
    std::vector<result<T>> out;
    out.reserve(asked.size());
    for (auto place : distinct.places) out.push_back(answers[place]);
    return out;
}

std::optional<booking> kept_booking::value() const { return detail::decode_booking(bytes); }

// Whoever is told nothing here goes on to ask, and that is counted.
std::optional<kept_booking> tracking_service::find_at_once(booking_ref const& ref)
{
    auto value = cache_.at_hand(detail::booking_cache_key(ref));
    if (!value) return std::nullopt;
    ++hits_;
    return kept_booking{*std::move(value)};
}

std::optional<std::vector<event>> tracking_service::history_at_once(booking_ref const& ref)
{
    auto const value = cache_.at_hand(detail::history_cache_key(ref));
    auto known = value ? detail::decode_history(*value) : std::nullopt;
    if (known) ++hits_;
    return known;
}

std::vector<result<booking>> tracking_service::find(std::span<booking_ref const> refs)
{
    return read_through<booking>(
        refs, detail::booking_cache_key, detail::history_cache_key, detail::decode_booking,
        [this](auto const& missing) { return bookings_.find(missing); },
        [](booking const& b) { return b.revision; });
}

std::vector<result<std::vector<event>>> tracking_service::history(std::span<booking_ref const> refs)
{
    return read_through<std::vector<event>>(
        refs, detail::history_cache_key, detail::booking_cache_key, detail::decode_history,
        [this](auto const& missing) { return bookings_.history(missing); },
        [](std::vector<event> const& events) { return events.back().seq; });
}

result<booking_page> tracking_service::list(booking_query const& query)
{
    return bookings_.list(query);
}

cache_counts tracking_service::counts() const noexcept { return {hits_, misses_}; }

}  // namespace aircargo
