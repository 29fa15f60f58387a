#include "answers.hpp"
#include "bind.hpp"
#include "side_ports.hpp"
#include "store_ports.hpp"
#include "value_class.hpp"
#include <aircargo/cache/memory.hpp>
#include <aircargo/lock/memory.hpp>
#include <chrono>

namespace aircargo::python {
namespace {

using std::chrono::steady_clock;
using seconds_as_float = std::chrono::duration<double>;

/// As `time.monotonic()` tells it, which is the same clock.
[[nodiscard]] double as_monotonic(steady_clock::time_point t)
{
    return seconds_as_float(t.time_since_epoch()).count();
}

[[nodiscard]] steady_clock::time_point from_monotonic(double seconds)
{
    constexpr double most = 1e9;  // thirty years after the machine was started is for ever
    if (!(seconds < most)) return steady_clock::time_point::max();
    return steady_clock::time_point(std::chrono::duration_cast<steady_clock::duration>(
        seconds_as_float(std::max(seconds, 0.0))));
}

/// A time to live, such as 2.5 seconds; none that is less than nothing, or longer than a year.
[[nodiscard]] std::chrono::milliseconds ttl_from(double seconds)
{
    constexpr double year = 366.0 * 86'400;
    if (!(seconds >= 0 && seconds <= year))
        raise(refuse(errc::invalid_request, "a time to live is 0 s to a year"));
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

[[nodiscard]] std::uint64_t unsigned_from(py::int_ const& n)
{
    auto const value = PyLong_AsUnsignedLongLong(n.ptr());
    if (!PyErr_Occurred()) return value;
    PyErr_Clear();
    raise(refuse(errc::invalid_request, "tokens and owners are whole numbers of 64 bits"));
}

void bind_lease(py::module_& m)
{
    value_class<lease>(m, "Lease", R"(A name held for a while.

Parameters
----------
name : str
owner : int
    Random, 64 bits; only who knows it can release.
until : float
    When it runs out, in seconds of `time.monotonic`.
)")
        .made_by(
            [](clean_text name, py::int_ const& owner, double until) {
                return lease{std::move(name.value), unsigned_from(owner), from_monotonic(until)};
            },
            py::arg("name"), py::arg("owner"), py::arg("until"))
        .field(
            "name", [](lease const& l) { return l.name; }, "What is held.")
        .field(
            "owner", [](lease const& l) { return l.owner; }, "Who holds it.")
        .field(
            "until", [](lease const& l) { return as_monotonic(l.until); }, "When it runs out.");
}

void bind_key_and_answer(py::module_& m)
{
    value_class<cache_key>(m, "CacheKey", R"(Names an answer that may be cached.

Parameters
----------
key : str
guard : str
    The name under which writers hold all that is cached of the same thing.
)")
        .made_by(
            [](clean_text key, clean_text guard) {
                return cache_key{std::move(key.value), std::move(guard.value)};
            },
            py::arg("key"), py::arg("guard"))
        .field(
            "key", [](cache_key const& k) { return k.key; }, "The name of the answer.")
        .field(
            "guard", [](cache_key const& k) { return k.guard; }, "What writers hold.");

    value_class<cache_answer>(m, "CacheAnswer", R"(A hit, or a miss with the right to fill.

Parameters
----------
value : bytes, optional
    Of a hit.
token : int, default 0
    Of a miss: the right to fill; 0 when another reader is filling, or a writer is at work.
)")
        .made_by(
            [](std::optional<py::bytes> const& value, py::int_ const& token) {
                return cache_answer{value ? std::optional(std::string(*value)) : std::nullopt,
                                    unsigned_from(token)};
            },
            py::arg("value") = py::none(), py::arg("token") = 0)
        .field(
            "value",
            [](cache_answer const& a) {
                return a.value ? std::optional(py::bytes(*a.value)) : std::nullopt;
            },
            "Of a hit.")
        .field(
            "token", [](cache_answer const& a) { return a.token; }, "The right to fill.");
}

void bind_entry(py::module_& m)
{
    value_class<cache_entry>(
        m, "CacheEntry",
        R"(What a reader found in the store after a miss, or a writer has just committed.

Parameters
----------
key : CacheKey
value : bytes
revision : int
ttl : float, default 300
    Seconds that it may live.
token : int, default 0
    Of a reader.
)")
        .made_by(
            [](cache_key key, py::bytes const& value, whole_number revision, double ttl,
               py::int_ const& token) {
                return cache_entry{std::move(key), std::string(value), revision.value,
                                   std::chrono::floor<std::chrono::seconds>(ttl_from(ttl)),
                                   unsigned_from(token)};
            },
            py::arg("key"), py::arg("value"), py::arg("revision"), py::arg("ttl") = 300.0,
            py::arg("token") = 0)
        .field(
            "key", [](cache_entry const& e) { return e.key; }, "Its name.")
        .field(
            "value", [](cache_entry const& e) { return py::bytes(e.value); }, "The answer.")
        .field(
            "revision", [](cache_entry const& e) { return e.revision; }, "How new it is.")
        .field(
            "ttl", [](cache_entry const& e) { return static_cast<double>(e.ttl.count()); },
            "Seconds that it may live.")
        .field(
            "token", [](cache_entry const& e) { return e.token; }, "Of a reader.");
}

void bind_hold(py::module_& m)
{
    value_class<cache_hold>(m, "CacheHold", R"(What a writer wants to hold.

Parameters
----------
guard : str
keys : sequence of str
    All that may be cached under it.
)")
        .made_by(
            [](clean_text guard, std::vector<std::string> keys) {
                return cache_hold{std::move(guard.value), std::move(keys)};
            },
            py::arg("guard"), py::arg("keys"))
        .field(
            "guard", [](cache_hold const& h) { return h.guard; }, "The name that is held.")
        .field(
            "keys", [](cache_hold const& h) { return py::tuple(py::cast(h.keys)); },
            "All that may be cached under it.");

    value_class<cache_settlement>(m, "CacheSettlement",
                                  R"(The end of a hold, with what the writer has committed.

Parameters
----------
hold : Lease
fresh : sequence of CacheEntry
    To be cached anew; empty if nothing was changed.
)")
        .made_by(
            [](lease hold, std::vector<cache_entry> fresh) {
                return cache_settlement{std::move(hold), std::move(fresh)};
            },
            py::arg("hold"), py::arg("fresh"))
        .field(
            "hold", [](cache_settlement const& s) { return s.hold; }, "The hold that ends.")
        .field(
            "fresh", [](cache_settlement const& s) { return py::tuple(py::cast(s.fresh)); },
            "What is cached anew.");
}

[[nodiscard]] char const* name_of_end(hold_end end)
{
    switch (end) {
        case hold_end::in_time: return "in_time";
        case hold_end::late: return "late";
        case hold_end::unheard: return "unheard";
    }
    return "?";
}

[[nodiscard]] py::list settle(any_cache& c, std::vector<cache_settlement> const& settlements)
{
    py::list out;
    for (auto end : without_gil([&] { return c.settle(settlements); }))
        out.append(name_of_end(end));
    return out;
}

void bind_cache(py::module_& m)
{
    py::class_<any_cache, std::shared_ptr<any_cache>>(
        m, "Cache", "A cache of the library. Its methods are those that a cache in Python has.")
        .def(
            "get",
            [](any_cache& c, std::vector<cache_key> const& keys) {
                return without_gil([&] { return c.get(keys); });
            },
            py::arg("keys"), "See `aircargo.ports.Cache`.")
        .def(
            "fill",
            [](any_cache& c, std::vector<cache_entry> const& entries) {
                return without_gil([&] { return c.fill(entries); });
            },
            py::arg("entries"), "See `aircargo.ports.Cache`.")
        .def(
            "hold",
            [](any_cache& c, std::vector<cache_hold> const& holds, double ttl) {
                auto const life = ttl_from(ttl);
                return list_of(without_gil([&] { return c.hold(holds, life); }));
            },
            py::arg("holds"), py::arg("ttl"), "See `aircargo.ports.Cache`.")
        .def("settle", &settle, py::arg("settlements"), "See `aircargo.ports.Cache`.");
}

void bind_locks(py::module_& m)
{
    py::class_<any_lock_manager, std::shared_ptr<any_lock_manager>>(
        m, "LockManager", "Locks of the library. Its methods are those that locks in Python have.")
        .def(
            "acquire",
            [](any_lock_manager& l, std::vector<std::string> const& names, double ttl) {
                auto const life = ttl_from(ttl);
                return list_of(without_gil([&] { return l.acquire(names, life); }));
            },
            py::arg("names"), py::arg("ttl"), "See `aircargo.ports.LockManager`.")
        .def(
            "release",
            [](any_lock_manager& l, std::vector<lease> const& leases) {
                without_gil([&] {
                    l.release(leases);
                    return 0;
                });
            },
            py::arg("leases"), "See `aircargo.ports.LockManager`.");
}

}  // namespace

void bind_caches_and_locks(py::module_& m)
{
    bind_lease(m);
    bind_key_and_answer(m);
    bind_entry(m);
    bind_hold(m);
    bind_cache(m);
    bind_locks(m);
    m.def(
        "memory_cache", [] { return shared(make_cache<memory_cache>()); }, "A cache in memory.");
    m.def(
        "no_cache", [] { return shared(make_cache<no_cache>()); }, "A cache that keeps nothing.");
    m.def(
        "memory_locks", [] { return shared(make_lock_manager<memory_lock_manager>()); },
        "Locks among the threads of this process.");
    m.def(
        "no_locks", [] { return shared(make_lock_manager<no_locks>()); },
        "Locks that are always granted.");
}

}  // namespace aircargo::python
