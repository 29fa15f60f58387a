#pragma once

#include <aircargo/store/booking_store.hpp>
#include <string>
#include <vector>

/// Short words for the log of events.
namespace aircargo::test {

/// `10001:1 BOOKED`
inline std::string words_of(logged_event const& e)
{
    return std::to_string(e.ref.number()) + ':' + std::to_string(e.fact.seq) + ' ' +
           std::string(name_of(e.fact.type));
}

/// Reads the log from where it was left, a few events at a time.
class log_reader {
public:
    explicit log_reader(any_booking_store& store, std::size_t limit = 3,
                        std::optional<booking_ref> of = {})
        : store_(&store), query_{.limit = limit, .of = std::move(of)}
    {}

    /// All that there is by now.
    std::vector<logged_event> read()
    {
        std::vector<logged_event> out;
        for (;;) {
            auto const page = store_->log_after(query_).value();
            out.insert(out.end(), page.events.begin(), page.events.end());
            auto const next = next_position(page, query_);
            bool const done = page.events.size() < query_.limit;
            query_.after = next;
            if (done) return out;
        }
    }
    /// The same in words, with commas.
    std::string words()
    {
        std::string out;
        for (auto const& e : read()) out += (out.empty() ? "" : ", ") + words_of(e);
        return out;
    }
    [[nodiscard]] log_position position() const noexcept { return query_.after; }

private:
    any_booking_store* store_;
    log_query query_;
};

}  // namespace aircargo::test
