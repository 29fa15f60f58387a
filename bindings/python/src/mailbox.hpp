#pragma once

#include "raised.hpp"
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace aircargo::python {

/// Answers on their way from the library's threads to an event loop. The loop is woken once for all
/// that have gathered, so that hundreds of answers of one batch cost one switch of threads.
/// Thread-safe.
class mailbox {
public:
    using ticket = std::uint64_t;
    /// Makes the object to deliver. \pre the GIL is held
    using letter = std::function<py::object()>;

    /// \param wake is called without arguments, on any thread, when the first letter is there; it
    /// must bring about a `take`
    explicit mailbox(py::object wake) : wake_(std::move(wake)) {}

    void put(ticket to, letter what)
    {
        bool first = false;
        {
            std::scoped_lock const lock(mutex_);
            first = letters_.empty();
            letters_.emplace_back(to, std::move(what));
        }
        if (!first) return;
        py::gil_scoped_acquire const gil;
        try {
            wake_.get()();
        } catch (py::error_already_set&) {
            // The loop is closed, so nobody waits any more.
        }
    }

    /// All that have come: a list of pairs of ticket and object.
    [[nodiscard]] py::list take()
    {
        std::vector<std::pair<ticket, letter>> taken;
        {
            std::scoped_lock const lock(mutex_);
            taken.swap(letters_);
        }
        py::list out(taken.size());
        for (std::size_t i = 0; i < taken.size(); ++i)
            out[i] = py::make_tuple(taken[i].first, taken[i].second());
        return out;
    }

private:
    shared_object wake_;
    std::mutex mutex_;
    std::vector<std::pair<ticket, letter>> letters_;  // guarded by mutex_
};

}  // namespace aircargo::python
