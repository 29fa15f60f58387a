#include "store_ports.hpp"
#include "answers.hpp"
#include "python_class.hpp"

namespace aircargo::python {
namespace {

/// A booking store that is written in Python. Each batch is one call there.
class python_booking_store final : public any_booking_store {
public:
    explicit python_booking_store(py::object store) : store_(std::move(store)) {}

    std::vector<result<booking>> apply(std::span<change const> changes) override
    {
        return in_python([&] {
            return answers_in<booking>(method("apply")(copies(changes)), changes.size(), "apply");
        });
    }
    std::vector<result<std::optional<booking>>> answers(std::span<idempotency_key const> keys,
                                                        utc_time now) override
    {
        return in_python([&] {
            return answers_in<std::optional<booking>>(method("answers")(copies(keys), now),
                                                      keys.size(), "answers");
        });
    }
    std::vector<result<booking>> find(std::span<booking_ref const> refs) override
    {
        return in_python(
            [&] { return answers_in<booking>(method("find")(copies(refs)), refs.size(), "find"); });
    }
    std::vector<result<std::vector<event>>> history(std::span<booking_ref const> refs) override
    {
        return in_python([&] {
            return answers_in<std::vector<event>>(method("history")(copies(refs)), refs.size(),
                                                  "history");
        });
    }
    result<booking_page> list(booking_query const& query) override
    {
        return in_python([&] { return answer_in<booking_page>(method("list")(query)); });
    }
    // Only servers ask these two, and no server has a store in Python.
    result<booking_figures> figures(figures_query const&) override
    {
        return refuse(errc::invalid_request, "a store in Python tells no figures");
    }
    result<log_page> log_after(log_query const&) override
    {
        return refuse(errc::invalid_request, "a store in Python has no log of all events");
    }
    result<ref_block> reserve_refs(std::uint64_t count) override
    {
        return in_python([&] { return answer_in<ref_block>(method("reserve_refs")(count)); });
    }

private:
    [[nodiscard]] py::object method(char const* name) const { return store_.get().attr(name); }

    shared_object store_;
};

/// A flight store that is written in Python.
class python_flight_store final : public any_flight_store {
public:
    explicit python_flight_store(py::object store) : store_(std::move(store)) {}

    result<std::vector<flight>> upsert(std::span<flight const> flights) override
    {
        return in_python(
            [&] { return answer_in<std::vector<flight>>(method("upsert")(copies(flights))); });
    }
    result<std::vector<flight>> load(flight_window window) override
    {
        auto const bound = [](utc_time t, utc_time none) {
            return t == none ? std::nullopt : std::optional(t);
        };
        return in_python([&] {
            return answer_in<std::vector<flight>>(method("load")(
                bound(window.from, utc_time::min()), bound(window.until, utc_time::max())));
        });
    }
    std::vector<result<flight>> find(std::span<flight_id const> ids) override
    {
        return in_python(
            [&] { return answers_in<flight>(method("find")(copies(ids)), ids.size(), "find"); });
    }
    result<std::uint64_t> version() override
    {
        return in_python([&] { return answer_in<std::uint64_t>(method("version")()); });
    }

private:
    [[nodiscard]] py::object method(char const* name) const { return store_.get().attr(name); }

    shared_object store_;
};

}  // namespace

std::shared_ptr<any_booking_store> booking_store_in(py::object object)
{
    if (py::isinstance<any_booking_store>(object))
        return py::cast<std::shared_ptr<any_booking_store>>(object);
    need_methods(object, "booking store",
                 {"apply", "answers", "find", "history", "list", "reserve_refs"});
    return std::make_shared<python_booking_store>(std::move(object));
}

std::shared_ptr<any_flight_store> flight_store_in(py::object object)
{
    if (py::isinstance<any_flight_store>(object))
        return py::cast<std::shared_ptr<any_flight_store>>(object);
    need_methods(object, "flight store", {"upsert", "load", "find", "version"});
    return std::make_shared<python_flight_store>(std::move(object));
}

}  // namespace aircargo::python
