#include "support/postgres_cuts.hpp"
#include "support/private_postgres.hpp"
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aircargo::test {
namespace {

using kind = message_marks::kind;

std::string described(std::vector<message_marks::mark> const& marks, std::size_t offset = 0)
{
    std::string text;
    for (auto const& [what, type, at] : marks) {
        text += what == kind::begins ? '<' : '>';
        text += type < 3 ? static_cast<char>('0' + type) : type;
        text += std::to_string(at + offset) + ' ';
    }
    return text;
}

std::vector<std::byte> bytes_of(std::string_view text)
{
    auto const* const begin = reinterpret_cast<std::byte const*>(text.data());
    return {begin, begin + text.size()};
}

TEST(message_marks, are_the_same_however_the_stream_is_cut_in_pieces)
{
    using namespace std::string_view_literals;
    auto const stream = bytes_of(
        "\0\0\0\x08\x04\xd2\x16\x2f"  // asks for TLS
        "\0\0\0\x0c\0\x03\0\0user"    // startup
        "P\0\0\0\x0e\0SELECT 1\0"     // a body that ends where no number does
        "S\0\0\0\x04"
        "Q\0\0\0\x05\0"sv);
    auto const expected =
        "<0"
        "0 >1"
        "8 <0"
        "8 >2"
        "20 <P20 >P35 <S35 >S40 <Q40 >Q46 ";

    EXPECT_EQ(described(message_marks::of_client().read(stream)), expected);
    for (std::size_t size = 1; size < stream.size(); ++size) {
        auto marks = message_marks::of_client();
        std::string text;
        for (std::size_t at = 0; at < stream.size(); at += size) {
            auto const count = std::min(size, stream.size() - at);
            text += described(marks.read(std::span(stream).subspan(at, count)), at);
        }
        EXPECT_EQ(text, expected) << "pieces of " << size;
    }
}

TEST(urls, lead_through_another_port)
{
    EXPECT_EQ(port_of_url("postgresql://a@127.0.0.1:123/db?x=y"), 123);
    EXPECT_EQ(through_port("postgresql://a@127.0.0.1:123/db?x=y", 45),
              "postgresql://a@127.0.0.1:45/db?x=y");
    EXPECT_EQ(through_port("postgresql://localhost", 45), "postgresql://127.0.0.1:45");
    EXPECT_EQ(with_database("postgresql://a@127.0.0.1:123/db?x=y", "t"),
              "postgresql://a@127.0.0.1:123/t?x=y");
    EXPECT_EQ(with_database("postgresql://a@127.0.0.1:123", "t"), "postgresql://a@127.0.0.1:123/t");
    EXPECT_THROW(static_cast<void>(port_of_url("postgresql:///db?host=/tmp")), std::runtime_error);
}

class client {
public:
    explicit client(std::string const& url) : connection_(PQconnectdb(url.c_str()), PQfinish)
    {
        if (!alive()) throw std::runtime_error(PQerrorMessage(connection_.get()));
    }

    bool alive() const { return PQstatus(connection_.get()) == CONNECTION_OK; }

    /// By a Query message. The first value of the answer, or nothing when there is no good one.
    std::optional<std::string> simple(std::string const& sql)
    {
        return value(PQexec(connection_.get(), sql.c_str()));
    }
    /// By Parse, Bind, Execute and Sync.
    std::optional<std::string> extended(std::string const& sql)
    {
        return value(
            PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    }
    /// All of them before the first answer, each with a Sync of its own: how many answers came.
    int pipelined(std::vector<std::string> const& statements)
    {
        PQenterPipelineMode(connection_.get());
        for (auto const& sql : statements) {
            PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                              0);
            PQpipelineSync(connection_.get());
        }
        int good = 0;
        for (std::size_t nothings = 0; nothings < 2 * statements.size() && alive();) {
            std::unique_ptr<PGresult, decltype(&PQclear)> const result(
                PQgetResult(connection_.get()), PQclear);
            if (!result) ++nothings;
            if (result && PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) ++good, ++nothings;
        }
        return good;
    }

private:
    static std::optional<std::string> value(PGresult* answer)
    {
        std::unique_ptr<PGresult, decltype(&PQclear)> const result(answer, PQclear);
        auto const status = PQresultStatus(answer);
        if (status == PGRES_COMMAND_OK) return "";
        if (status != PGRES_TUPLES_OK) return std::nullopt;
        return PQgetvalue(answer, 0, 0);
    }

    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

struct postgres_cuts_test : testing::Test {
    void SetUp() override
    {
        try {
            url = shared_postgres().fresh_database();
        } catch (postgres_missing const& missing) {
            GTEST_SKIP() << missing.what();
        }
        proxy.emplace(port_of_url(url), cuts.watch());
        client(url).simple("CREATE TABLE t (i int)");
    }

    std::string through_proxy() const { return through_port(url, proxy->port()); }
    /// The rows that the server has, seen past the proxy.
    std::string rows() const
    {
        return client(url).simple("SELECT string_agg(i::text, ',' ORDER BY i) FROM t").value();
    }

    std::string url;
    postgres_cuts cuts;
    std::optional<fault_proxy> proxy;
};

TEST_F(postgres_cuts_test, counts_requests_of_both_kinds)
{
    client c(through_proxy());
    EXPECT_EQ(cuts.requests(), 0U);
    EXPECT_EQ(c.simple("SELECT 1"), "1");
    EXPECT_EQ(c.extended("SELECT 2"), "2");
    EXPECT_EQ(client(through_proxy()).simple("SELECT 3"), "3");
    EXPECT_EQ(cuts.requests(), 3U);
    cuts.only_count();
    EXPECT_EQ(cuts.requests(), 0U);
}

TEST_F(postgres_cuts_test, after_a_request_the_server_has_done_it_and_the_client_does_not_know)
{
    client c(through_proxy());
    cuts.after(2);

    EXPECT_EQ(c.extended("INSERT INTO t VALUES (1)"), "");
    EXPECT_FALSE(cuts.happened());
    EXPECT_EQ(c.extended("INSERT INTO t VALUES (2)"), std::nullopt);

    EXPECT_TRUE(cuts.happened());
    EXPECT_FALSE(c.alive());
    EXPECT_EQ(rows(), "1,2");
}

TEST_F(postgres_cuts_test, before_a_request_the_server_has_not_done_it)
{
    client c(through_proxy());
    cuts.before(2);

    EXPECT_EQ(c.extended("INSERT INTO t VALUES (1)"), "");
    EXPECT_EQ(c.extended("INSERT INTO t VALUES (2)"), std::nullopt);

    EXPECT_TRUE(cuts.happened());
    EXPECT_FALSE(c.alive());
    EXPECT_EQ(rows(), "1");
}

TEST_F(postgres_cuts_test, cut_a_commit_on_either_side)
{
    for (bool const done : {true, false}) {
        client c(through_proxy());
        done ? cuts.after(3) : cuts.before(3);
        c.simple("BEGIN");
        c.simple(done ? "INSERT INTO t VALUES (1)" : "INSERT INTO t VALUES (2)");
        EXPECT_EQ(c.simple("COMMIT"), std::nullopt);
    }
    EXPECT_EQ(rows(), "1");
}

TEST_F(postgres_cuts_test, find_their_request_in_a_pipeline)
{
    std::vector<std::string> const three{"INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)",
                                         "INSERT INTO t VALUES (3)"};
    cuts.after(2);
    EXPECT_EQ(client(through_proxy()).pipelined(three), 1);
    EXPECT_EQ(rows(), "1,2");

    client(url).simple("DELETE FROM t");
    cuts.before(3);
    EXPECT_EQ(client(through_proxy()).pipelined(three), 2);
    EXPECT_EQ(rows(), "1,2");
}

TEST_F(postgres_cuts_test, leave_other_connections_and_later_ones_alone)
{
    client other(through_proxy());
    client c(through_proxy());
    cuts.after(1);
    EXPECT_EQ(c.simple("SELECT 1"), std::nullopt);
    EXPECT_EQ(other.simple("SELECT 1"), "1");
    EXPECT_EQ(client(through_proxy()).extended("SELECT 1"), "1");
}

TEST_F(postgres_cuts_test, every_database_is_empty_and_its_own)
{
    auto const second = shared_postgres().fresh_database();
    EXPECT_NE(second, url);
    EXPECT_EQ(client(second).simple("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
              "0");
}

}  // namespace
}  // namespace aircargo::test
