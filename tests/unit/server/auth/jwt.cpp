#include "auth/jwt.hpp"
#include "auth/secrets.hpp"
#include "support/builders.hpp"
#include "support/seed.hpp"
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace aircargo::server {
namespace {

using namespace std::chrono_literals;
using test::noon;

constexpr char const* a_secret = "0123456789abcdef0123456789abcdef";
constexpr char const* another_secret = "fedcba9876543210fedcba9876543210";

/// The private key of RFC 8037, A.1, as PKCS 8.
constexpr char const* a_private_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr char const* its_public_key =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";

signing_key_ptr hmac(std::string_view secret = a_secret) { return make_hmac_key(secret).value(); }
signing_key_ptr ed25519(char const* pem = a_private_key) { return make_ed25519_key(pem).value(); }

std::string bytes(std::string_view base64url) { return from_base64url(base64url).value(); }

/// A token with any header and claims, signed as ours are.
std::string forged(std::string const& header, std::string const& claims, signing_key const& key)
{
    auto const text = to_base64url(header) + '.' + to_base64url(claims);
    return text + '.' + to_base64url(key.sign(text));
}

std::string header_of(signing_key const& key, std::string const& more = "")
{
    return R"({"alg":")" + std::string(key.algorithm()) + R"(","kid":")" + key.id() + '"' + more +
           '}';
}

constexpr char const* good_claims =
    R"({"iss":"aircargo-server","aud":"aircargo","sub":"ada","iat":1764590400,"exp":1764591300})";

class tokens : public ::testing::Test {
protected:
    token_claims const claims{"ada", noon, noon + 15min};
    token_issuer const issuer{{hmac()}};

    [[nodiscard]] bool takes(std::string const& token) const
    {
        return issuer.read(token, noon).has_value();
    }
    [[nodiscard]] bool takes(std::string const& header, std::string const& said) const
    {
        return takes(forged(header, said, *hmac()));
    }
};

// ---------------------------------------------------------------------------------- the algorithms

TEST(hmac_key, signs_as_rfc_7515_does)
{
    auto const key = hmac(bytes(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
    constexpr char const* text =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        "cnVlfQ";
    auto const signature = bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    EXPECT_EQ(key->sign(text), signature);
    EXPECT_TRUE(key->verify(text, signature));
    EXPECT_FALSE(key->verify(text, signature.substr(0, 31)));
    EXPECT_FALSE(key->verify(text, signature + '\0'));
    EXPECT_FALSE(key->verify(text, ""));
    EXPECT_FALSE(key->verify(std::string(text) + "x", signature));
}

TEST(hmac_key, needs_32_bytes)
{
    EXPECT_EQ(make_hmac_key(std::string(31, 'x')).error().code, errc::invalid_request);
    EXPECT_TRUE(make_hmac_key(std::string(32, 'x')).has_value());
}

TEST(ed25519_key, signs_as_rfc_8037_does)
{
    constexpr char const* text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    auto const signature = bytes(
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0"
        "KAg");
    EXPECT_EQ(ed25519()->sign(text), signature);
    for (auto const& key : {ed25519(), ed25519(its_public_key)}) {
        EXPECT_TRUE(key->verify(text, signature));
        EXPECT_FALSE(key->verify(text, signature.substr(1)));
        EXPECT_FALSE(key->verify("x", signature));
        EXPECT_FALSE(key->verify(text, ""));
    }
}

TEST(ed25519_key, is_read_from_pem_of_that_kind_only)
{
    EXPECT_TRUE(ed25519()->can_sign());
    EXPECT_FALSE(ed25519(its_public_key)->can_sign());
    EXPECT_EQ(ed25519()->id(), ed25519(its_public_key)->id());
    for (std::string const& pem :
         {std::string(), std::string("secret"), std::string(a_private_key).substr(0, 80),
          std::string("-----BEGIN PUBLIC KEY-----\n"  // X25519, which can not sign
                      "MCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                      "-----END PUBLIC KEY-----\n")})
        EXPECT_EQ(make_ed25519_key(pem).error().code, errc::invalid_request) << pem;
}

TEST(signing_key, has_an_id_of_its_own_that_tells_nothing)
{
    EXPECT_NE(hmac()->id(), hmac(another_secret)->id());
    EXPECT_EQ(hmac()->id(), hmac()->id());
    EXPECT_EQ(hmac()->id().size(), 16U);
}

TEST(base64url, is_read_as_it_is_written_and_no_other_way)
{
    auto const vectors = std::vector<std::pair<std::string, std::string>>{
        {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"\xfb\xff\xfe", "-__-"}};
    for (auto const& [raw, text] : vectors) {
        EXPECT_EQ(to_base64url(raw), text);
        EXPECT_EQ(from_base64url(text), raw);
    }
    for (std::string const text :
         {"Zg==", "Zh", "Z", "Zm9", "+//+", "Zg\n", " Zg", "Zm9v.", "Zm 8"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

// ------------------------------------------------------------------------------------- what is
// read

TEST_F(tokens, are_read_as_they_were_issued)
{
    for (auto const& key : {hmac(), ed25519()}) {
        token_issuer const issuer_with({key});
        auto const token = issuer_with.issue(claims);
        EXPECT_LT(token.size(), 400U);
        EXPECT_EQ(issuer_with.read(token, noon).value(), claims);
    }
    EXPECT_TRUE(takes(header_of(*hmac()), good_claims)) << "so the refusals below have one reason";
}

TEST_F(tokens, are_good_for_their_time_and_half_a_minute)
{
    auto const token = issuer.issue(claims);
    EXPECT_TRUE(issuer.read(token, noon - 30s).has_value());
    EXPECT_TRUE(issuer.read(token, noon - 31s).has_error()) << "not yet issued";
    EXPECT_TRUE(issuer.read(token, noon + 15min + 29s).has_value());
    EXPECT_TRUE(issuer.read(token, noon + 15min + 30s).has_error());
}

TEST_F(tokens, are_those_of_any_key_that_is_given)
{
    auto const old = token_issuer({hmac(another_secret)}).issue(claims);
    auto const of_file = token_issuer({ed25519()}).issue(claims);
    EXPECT_FALSE(takes(old));
    EXPECT_FALSE(takes(of_file));
    token_issuer const all({hmac(), hmac(another_secret), ed25519(its_public_key)});
    for (auto const& token : {old, of_file, issuer.issue(claims)})
        EXPECT_EQ(all.read(token, noon).value(), claims);
    EXPECT_TRUE(takes(all.issue(claims))) << "the first one signs";
}

TEST_F(tokens, of_another_algorithm_are_refused_whatever_the_header_says)
{
    auto const kid = R"(,"kid":")" + hmac()->id() + R"("})";
    auto const said = to_base64url(good_claims);
    for (std::string const algorithm :
         {"none", "None", "NONE", "HS384", "HS512", "RS256", "EdDSA", "hs256", ""}) {
        auto const header = R"({"alg":")" + algorithm + '"' + kid;
        EXPECT_FALSE(takes(header, good_claims)) << algorithm;
        EXPECT_FALSE(takes(to_base64url(header) + '.' + said + '.')) << algorithm;
    }
    EXPECT_FALSE(takes("{" + kid.substr(1), good_claims)) << "without any";
}

/// The public key is no secret: whoever signs with it as if it were one must not get in.
TEST_F(tokens, signed_with_a_public_key_as_secret_are_refused)
{
    token_issuer const of_file({ed25519()});
    auto const as_secret = hmac(its_public_key);
    for (auto const* algorithm : {"HS256", "EdDSA"}) {
        auto const header =
            std::string(R"({"alg":")") + algorithm + R"(","kid":")" + ed25519()->id() + R"("})";
        EXPECT_TRUE(of_file.read(forged(header, good_claims, *as_secret), noon).has_error());
    }
}

TEST_F(tokens, with_anything_else_in_the_header_are_refused)
{
    for (std::string const more :
         {R"(,"jku":"https://evil.example/keys")", R"(,"jwk":{"kty":"oct","k":"AA"})",
          R"(,"x5u":"https://evil.example")", R"(,"x5c":[])", R"(,"crit":["exp"])",
          R"(,"crit":null)", R"(,"zip":"DEF")", R"(,"b64":false)", R"(,"cty":"JWT")",
          R"(,"alg":"none")", R"(,"typ":"at+jwt")", R"(,"typ":7)"})
        EXPECT_FALSE(takes(header_of(*hmac(), more), good_claims)) << more;
    EXPECT_TRUE(takes(header_of(*hmac(), R"(,"typ":"JWT")"), good_claims));
}

TEST_F(tokens, of_no_key_of_ours_are_refused)
{
    EXPECT_FALSE(takes(R"({"alg":"HS256"})", good_claims));
    for (std::string const kid : {R"("")", R"("../../dev/null")", R"("x' OR 1=1 --")", "7", "null",
                                  R"(["a"])", R"("ein-kid-das-es-nicht-gibt")"})
        EXPECT_FALSE(takes(R"({"alg":"HS256","kid":)" + kid + '}', good_claims)) << kid;
}

TEST_F(tokens, without_one_of_the_claims_are_refused)
{
    auto const is_good = [&](std::string const& said) { return takes(header_of(*hmac()), said); };
    std::vector<std::string> const members{R"("iss":"aircargo-server")", R"("aud":"aircargo")",
                                           R"("sub":"ada")", R"("iat":1764590400)",
                                           R"("exp":1764591300)"};
    auto const all_but = [&](std::size_t left_out, std::string const& instead) {
        std::string said = "{";
        for (std::size_t i = 0; i < members.size(); ++i) {
            auto const& member = i == left_out ? instead : members[i];
            if (!member.empty()) said += (said.size() > 1 ? "," : "") + member;
        }
        return said + '}';
    };
    EXPECT_TRUE(is_good(all_but(9, "")));
    for (std::size_t i = 0; i < members.size(); ++i)
        EXPECT_FALSE(is_good(all_but(i, ""))) << members[i];
    for (auto const& [i, instead] : std::vector<std::pair<std::size_t, std::string>>{
             {0, R"("iss":"somebody")"},
             {0, R"("iss":["aircargo-server"])"},
             {1, R"("aud":"other")"},
             {1, R"("aud":["aircargo"])"},
             {2, R"("sub":"")"},
             {2, R"("sub":7)"},
             {2, R"("sub":null)"},
             {3, R"("iat":"1764590400")"},
             {3, R"("iat":1764590400.5)"},
             {3, R"("iat":true)"},
             {3, R"("iat":1764590431)"},
             {4, R"("exp":1e12)"},
             {4, R"("exp":99999999999999999999)"},
             {4, R"("exp":-1)"},
             {4, R"("exp":1764590370)"},
             {4, R"("exp":1764591300,"exp":9999999999)"},
             {4, R"("exp":1764591300,"nbf":1764590431)"},
             {4, R"("exp":1764591300,"nbf":"x")"}})
        EXPECT_FALSE(is_good(all_but(i, instead))) << instead;
    EXPECT_TRUE(is_good(all_but(4, R"("exp":1764591300,"nbf":1764590430,"more":[1])")));
}

TEST_F(tokens, that_were_tampered_with_are_refused)
{
    auto const token = issuer.issue(claims);
    auto const first = token.find('.');
    auto const last = token.rfind('.');
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(takes(changed)) << i;
    }
    for (auto const& other :
         {token.substr(0, last), token.substr(0, last + 1), token + '.', token + ".x", '.' + token,
          token + '=', token + ' ', token.substr(0, first), std::string("."), std::string(".."),
          std::string("..."), std::string(), token.substr(0, first) + '.' + token.substr(first),
          std::string(4097, 'a'), to_base64url("[]") + '.' + token.substr(first + 1),
          to_base64url(std::string(1000, '[')) + ".." + token.substr(last + 1)})
        EXPECT_FALSE(takes(other)) << other;
}

TEST_F(tokens, of_any_bytes_are_refused_and_do_no_harm)
{
    test::random_source random(test::printed_seed());
    auto const token = issuer.issue(claims);
    for (int n = 0; n < 20'000; ++n) {
        auto changed = token;
        auto const edits = 1 + random() % 4;
        for (std::uint64_t e = 0; e < edits; ++e) {
            auto const at = random() % changed.size();
            switch (random() % 3) {
                case 0: changed[at] = static_cast<char>(random()); break;
                case 1: changed.erase(at, random() % 9); break;
                default: changed.insert(at, 1, static_cast<char>(random()));
            }
            if (changed.empty()) changed = ".";
        }
        if (changed != token) EXPECT_FALSE(takes(changed)) << changed;
    }
}

}  // namespace
}  // namespace aircargo::server
