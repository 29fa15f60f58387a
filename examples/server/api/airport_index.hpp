#pragma once

#include <aircargo/routing/airport.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// What airports are looked for by.
struct airport_query {
    std::vector<std::string> words{};   ///< folded; each begins a word of the airport
    std::vector<airport_code> codes{};  ///< only these, unless it is empty
    std::size_t limit = 20;
};

/// Airports with their words made ready. Looking through all of the world's takes some 100 us.
class airport_index {
public:
    /// \param airports by code; must outlive it
    explicit airport_index(std::span<airport const> airports);

    /// Those that match, best first: by their code, then by their city, then by any word; then by
    /// code.
    [[nodiscard]] std::vector<airport const*> find(airport_query const& query) const;

private:
    struct entry {
        airport const* what;
        std::string code;   ///< folded
        std::string city;   ///< its words, a blank before each
        std::string words;  ///< of code, city and name
    };

    std::vector<entry> entries_;
};

}  // namespace aircargo::server
