// Opens a SQLite store in the file that the first argument names, and looks for a booking.

#include <aircargo/core/booking_ref.hpp>
#include <aircargo/store/sqlite.hpp>
#include <cstdlib>
#include <iostream>
#include <vector>

int main(int argc, char** argv)
{
    if (argc != 2) return EXIT_FAILURE;
    auto const database = aircargo::sqlite_database::open(argv[1]);
    if (database.has_error()) {
        std::cout << database.error().detail << '\n';
        return EXIT_FAILURE;
    }

    aircargo::sqlite_booking_store store(database.value());
    std::vector const refs{aircargo::booking_ref::parse("ACB12345").value()};
    auto const found = store.find(refs);

    bool const good = found.size() == 1 && found[0].has_error() &&
                      found[0].error().code == aircargo::errc::not_found;
    std::cout << (good ? "good\n" : "wrong\n");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
