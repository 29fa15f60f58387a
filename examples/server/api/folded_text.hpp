#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aircargo::server {

/// The words of a text as people type them: small Latin letters without accents, and digits.
/// Apostrophes fall away, whatever else is neither parts words; letters of other scripts stay.
/// \param text clean UTF-8
[[nodiscard]] std::vector<std::string> folded_words(std::string_view text);

}  // namespace aircargo::server
