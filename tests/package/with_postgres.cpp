// Opens a PostgreSQL store at an address where there is none, which has to be refused as such.

#include <aircargo/store/postgres.hpp>
#include <cstdlib>
#include <iostream>

int main()
{
    auto const unreadable =
        aircargo::postgres_database::open("postgresql://host/database?no_such_word=1");
    auto const away = aircargo::postgres_database::open("postgresql://nobody@127.0.0.1:1/none");
    bool const good = unreadable.has_error() && away.has_error() &&
                      unreadable.error().code == aircargo::errc::invalid_request &&
                      away.error().code == aircargo::errc::backend_down;
    std::cout << (good ? "good\n" : "wrong\n");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
