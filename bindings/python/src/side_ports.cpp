#include "side_ports.hpp"
#include "answers.hpp"
#include "python_class.hpp"
#include <chrono>
#include <string>

namespace aircargo::python {
namespace {

using seconds_as_float = std::chrono::duration<double>;

[[nodiscard]] double in_seconds(std::chrono::milliseconds ttl)
{
    return seconds_as_float(ttl).count();
}

/// A cache that is written in Python. Each batch is one call there.
class python_cache final : public any_cache {
public:
    explicit python_cache(py::object cache) : cache_(std::move(cache)) {}

    std::vector<cache_answer> get(std::span<cache_key const> keys) override
    {
        return in_python([&] {
            auto answered = py::cast<std::vector<cache_answer>>(method("get")(copies(keys)));
            need_size(answered.size(), keys.size(), "get");
            return answered;
        });
    }
    bool fill(std::span<cache_entry const> entries) override
    {
        return in_python([&] { return py::cast<bool>(method("fill")(copies(entries))); });
    }
    std::vector<result<lease>> hold(std::span<cache_hold const> holds,
                                    std::chrono::milliseconds ttl) override
    {
        return in_python([&] {
            return answers_in<lease>(method("hold")(copies(holds), in_seconds(ttl)), holds.size(),
                                     "hold");
        });
    }
    std::vector<hold_end> settle(std::span<cache_settlement const> settlements) override
    {
        return in_python([&] {
            auto const ends =
                py::cast<std::vector<std::string>>(method("settle")(copies(settlements)));
            need_size(ends.size(), settlements.size(), "settle");
            std::vector<hold_end> out;
            for (auto const& end : ends) out.push_back(end_named(end));
            return out;
        });
    }

private:
    [[nodiscard]] py::object method(char const* name) const { return cache_.get().attr(name); }

    static void need_size(std::size_t answered, std::size_t asked, char const* method)
    {
        if (answered == asked) return;
        throw py::value_error(std::string(method) + " was asked about " + std::to_string(asked) +
                              " entries and answered " + std::to_string(answered));
    }

    [[nodiscard]] static hold_end end_named(std::string const& name)
    {
        if (name == "in_time") return hold_end::in_time;
        if (name == "late") return hold_end::late;
        if (name == "unheard") return hold_end::unheard;
        throw py::value_error("a hold ends 'in_time', 'late' or 'unheard', not '" + name + "'");
    }

    shared_object cache_;
};

/// A lock manager that is written in Python.
class python_lock_manager final : public any_lock_manager {
public:
    explicit python_lock_manager(py::object locks) : locks_(std::move(locks)) {}

    std::vector<result<lease>> acquire(std::span<std::string const> names,
                                       std::chrono::milliseconds ttl) override
    {
        return in_python([&] {
            return answers_in<lease>(method("acquire")(copies(names), in_seconds(ttl)),
                                     names.size(), "acquire");
        });
    }

    /// What is released is done and durable, so an exception here is shown and stops nobody: a
    /// lease that stays only keeps others waiting until it runs out.
    void release(std::span<lease const> leases) override
    {
        if (leases.empty()) return;
        py::gil_scoped_acquire const gil;
        try {
            in_python([&] {
                method("release")(copies(leases));
                return 0;
            });
        } catch (raised const& e) {
            auto const exception = e.exception();
            PyErr_SetObject(py::type::handle_of(exception).ptr(), exception.ptr());
            PyErr_WriteUnraisable(locks_.get().ptr());
        }
    }

private:
    [[nodiscard]] py::object method(char const* name) const { return locks_.get().attr(name); }

    shared_object locks_;
};

}  // namespace

std::shared_ptr<any_cache> cache_in(py::object object)
{
    if (py::isinstance<any_cache>(object)) return py::cast<std::shared_ptr<any_cache>>(object);
    need_methods(object, "cache", {"get", "fill", "hold", "settle"});
    return std::make_shared<python_cache>(std::move(object));
}

std::shared_ptr<any_lock_manager> lock_manager_in(py::object object)
{
    if (py::isinstance<any_lock_manager>(object))
        return py::cast<std::shared_ptr<any_lock_manager>>(object);
    need_methods(object, "lock manager", {"acquire", "release"});
    return std::make_shared<python_lock_manager>(std::move(object));
}

}  // namespace aircargo::python
