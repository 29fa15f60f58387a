#include "config/auth.hpp"
#include "auth/secrets.hpp"
#include "config/lists.hpp"
#include "config/setting_errors.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

namespace aircargo::server {
namespace {

constexpr std::string_view secret_setting = "--jwt-secret (AIRCARGO_JWT_SECRET)";
constexpr std::string_view old_secret_setting = "--jwt-old-secret (AIRCARGO_JWT_OLD_SECRET)";
constexpr std::string_view key_setting = "--jwt-key-file (AIRCARGO_JWT_KEY_FILE)";
constexpr std::string_view old_key_setting = "--jwt-old-key-file (AIRCARGO_JWT_OLD_KEY_FILE)";

/// As of words or of one byte over and over. 32 random hexadecimal digits have 14 of 16.
[[nodiscard]] bool has_few_different_bytes(std::string_view secret)
{
    constexpr std::size_t few = 7;
    return std::set<char>(secret.begin(), secret.end()).size() <= few;
}

/// One text over and over, so that only its first bytes have to be guessed.
[[nodiscard]] bool repeats_itself(std::string_view secret)
{
    auto const most = std::min(secret.size() / 2, signing_key::least_secret_bytes - 1);
    for (std::size_t period = 1; period <= most; ++period)
        if (secret.substr(period) == secret.substr(0, secret.size() - period)) return true;
    return false;
}

/// As in documentation and in files to fill in, which people copy. What is drawn at random holds
/// one of them once in a million times or less.
[[nodiscard]] bool holds_words_of_examples(std::string_view secret)
{
    constexpr std::array<std::string_view, 16> words{
        "256-bit",   "at-least-256", "changeme", "change-me", "change_me", "example",
        "my-secret", "mysecret",     "password", "qwerty",    "replace",   "secret-key",
        "secretkey", "secret_key",   "your-",    "your_",
    };
    std::string lower(secret);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::any_of(words.begin(), words.end(),
                       [&](auto word) { return lower.find(word) != lower.npos; });
}

/// Nothing where it may well be random; that it is, nobody can see.
[[nodiscard]] std::optional<std::string_view> why_easily_guessed(std::string_view secret)
{
    if (has_few_different_bytes(secret)) return "it repeats a few bytes";
    if (repeats_itself(secret)) return "it repeats itself";
    if (holds_words_of_examples(secret)) return "it holds words of an example";
    return std::nullopt;
}

[[nodiscard]] result<signing_key_ptr> read_secret(std::string_view setting,
                                                  std::string const& secret)
{
    auto const weak = why_easily_guessed(secret);
    if (secret.size() >= signing_key::least_secret_bytes && weak) {
        return refuse(errc::invalid_request,
                      std::string(setting) + " is easily guessed: " + std::string(*weak) +
                          ", but must be random, such as openssl rand -base64 32 gives");
    }
    auto key = make_hmac_key(secret);
    if (key) return key;
    // It says how long it is, and nothing else of it.
    return refuse(errc::invalid_request,
                  std::string(setting) + " has " + std::to_string(secret.size()) +
                      " bytes, but must have 32 or more, such as openssl rand -base64 32 gives");
}

[[nodiscard]] result<signing_key_ptr> read_key(std::string_view setting, std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string const pem{std::istreambuf_iterator<char>(in), {}};
    auto key = make_ed25519_key(pem);
    if (key) return key;
    return bad_setting(setting, path,
                       "a file with an Ed25519 key in PEM, such as openssl genpkey -algorithm "
                       "ed25519 gives");
}

/// The key that signs comes first: the file if there is one, and then a secret beside it verifies
/// the tokens of before.
[[nodiscard]] result<std::vector<signing_key_ptr>> read_keys(auth_settings const& given)
{
    struct source {
        result<signing_key_ptr> (*read)(std::string_view, std::string const&);
        std::string_view setting;
        std::string const& value;
    };
    std::vector<signing_key_ptr> keys;
    for (auto const& [read, setting, value] :
         {source{read_key, key_setting, given.jwt_key_file},
          source{read_secret, secret_setting, given.jwt_secret},
          source{read_key, old_key_setting, given.jwt_old_key_file},
          source{read_secret, old_secret_setting, given.jwt_old_secret}}) {
        if (value.empty()) continue;
        auto key = read(setting, value);
        if (!key) return key.error();
        keys.push_back(*std::move(key));
    }
    return keys;
}

[[nodiscard]] result<void> check_keys(auth_settings const& given,
                                      std::vector<signing_key_ptr> const& keys)
{
    bool const has_old = !given.jwt_old_secret.empty() || !given.jwt_old_key_file.empty();
    if (has_old && given.jwt_secret.empty() && given.jwt_key_file.empty()) {
        return refuse(errc::invalid_request, std::string(secret_setting) + " or " +
                                                 std::string(key_setting) +
                                                 " must be there too: an old key does not sign");
    }
    if (keys.front()->can_sign()) return {};
    return bad_setting(key_setting, given.jwt_key_file, "a private key, since it has to sign");
}

[[nodiscard]] result<std::optional<account_role>> read_registration(std::string const& text)
{
    if (text == "off") return std::optional<account_role>();
    auto const role = parse_account_role(text);
    if (role && *role != account_role::admin) return role;
    return bad_setting("--registration (AIRCARGO_REGISTRATION)", text,
                       "agent, viewer (what who registers becomes) or off");
}

[[nodiscard]] bool is_host_name(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '-';
    });
}

[[nodiscard]] result<std::vector<std::string>> read_hosts(std::string const& text)
{
    auto hosts = split(text);
    auto const wrong = std::find_if_not(hosts.begin(), hosts.end(), is_host_name);
    if (wrong == hosts.end()) return hosts;
    return bad_setting("--hosts (AIRCARGO_HOSTS)", *wrong,
                       "names or addresses with commas, without ports, such as cargo.test");
}

[[nodiscard]] result<std::chrono::seconds> read_time(std::string_view setting, unsigned seconds,
                                                     unsigned most)
{
    if (seconds >= 1 && seconds <= most) return std::chrono::seconds(seconds);
    return bad_setting(setting, std::to_string(seconds),
                       "1 to " + std::to_string(most) + " seconds");
}

}  // namespace

result<auth_config> read_auth(auth_settings const& given)
{
    constexpr unsigned day = 24 * 3600;
    if (given.auth != "required" && given.auth != "off")
        return bad_setting("--auth (AIRCARGO_AUTH)", given.auth, "required or off");
    auto keys = read_keys(given);
    if (!keys) return keys.error();
    bool const draw = keys->empty();
    if (draw) keys->push_back(*make_hmac_key(random_secret(signing_key::least_secret_bytes)));
    if (auto checked = check_keys(given, *keys); !checked) return checked.error();
    auto hosts = read_hosts(given.hosts);
    if (!hosts) return hosts.error();
    auto const registration = read_registration(given.registration);
    if (!registration) return registration.error();
    auto const token_time =
        read_time("--token-time (AIRCARGO_TOKEN_TIME)", given.token_time_s, day);
    if (!token_time) return token_time.error();
    auto const refresh_time =
        read_time("--refresh-time (AIRCARGO_REFRESH_TIME)", given.refresh_time_s, 400 * day);
    if (!refresh_time) return refresh_time.error();
    return auth_config{given.auth == "required",
                       *std::move(hosts),
                       *std::move(keys),
                       draw,
                       *token_time,
                       *refresh_time,
                       *registration};
}

}  // namespace aircargo::server
