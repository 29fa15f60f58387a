#include "api/folded_text.hpp"
#include <array>
#include <cstddef>

namespace aircargo::server {
namespace {

// The letter behind each of U+00C0 to U+017F and U+1E00 to U+1EFF, as Unicode decomposes them; a
// stroke through a letter counts as an accent. A dot: there is none.
constexpr std::string_view latin_1_and_a =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll."
    ".llnnnnnn.nnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view latin_additional =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

struct letters_of {
    char32_t first;  ///< the capital
    char32_t second;
    std::string_view letters;
};
constexpr std::array pairs{
    letters_of{U'Æ', U'æ', "ae"}, letters_of{U'Œ', U'œ', "oe"}, letters_of{U'Þ', U'þ', "th"},
    letters_of{U'ẞ', U'ß', "ss"}, letters_of{U'Ĳ', U'ĳ', "ij"},
};

/// Takes the first character off a text that is not empty, as it is written.
[[nodiscard]] std::string_view next_character(std::string_view& text)
{
    auto const lead = static_cast<unsigned char>(text.front());
    auto const size = lead < 0xc0U ? 1U : lead < 0xe0U ? 2U : lead < 0xf0U ? 3U : 4U;
    auto const character = text.substr(0, size);
    text.remove_prefix(character.size());
    return character;
}

[[nodiscard]] char32_t code_point(std::string_view character)
{
    constexpr std::array<unsigned, 5> lead_bits{0, 0x7f, 0x1f, 0x0f, 0x07};
    char32_t value = static_cast<unsigned char>(character.front()) & lead_bits.at(character.size());
    for (char const c : character.substr(1))
        value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
    return value;
}

[[nodiscard]] std::string_view letter_in(std::string_view table, char32_t place)
{
    if (place >= table.size() || table[place] == '.') return {};
    return table.substr(place, 1);
}

/// What somebody types for a character beyond ASCII; empty where that is nothing else.
[[nodiscard]] std::string_view typed(char32_t c)
{
    for (auto const& pair : pairs)
        if (c == pair.first || c == pair.second) return pair.letters;
    if (c >= 0x1e00) return letter_in(latin_additional, c - 0x1e00);
    return c >= 0xc0 ? letter_in(latin_1_and_a, c - 0xc0) : std::string_view();
}

enum class kind { letter, nothing, end_of_word };

[[nodiscard]] kind kind_of(char32_t c)
{
    bool const is_accent = c >= 0x300 && c < 0x370;  // that stands by itself, behind its letter
    if (c == '\'' || c == '`' || c == U'´' || c == U'\u2019' || is_accent) return kind::nothing;
    bool const ascii_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool const is_punctuation = c >= 0x2000 && c < 0x2070;
    if (ascii_letter || (c >= '0' && c <= '9') || (c >= 0xc0 && !is_punctuation))
        return kind::letter;
    return kind::end_of_word;
}

void append_folded(std::string& word, std::string_view character)
{
    if (character.size() > 1) {
        auto const letters = typed(code_point(character));
        word += letters.empty() ? character : letters;
        return;
    }
    char const c = character.front();
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::vector<std::string> folded_words(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    auto const end_word = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    while (!text.empty()) {
        auto const character = next_character(text);
        auto const kind = kind_of(code_point(character));
        if (kind == kind::letter) append_folded(word, character);
        if (kind == kind::end_of_word) end_word();
    }
    end_word();
    return words;
}

}  // namespace aircargo::server
