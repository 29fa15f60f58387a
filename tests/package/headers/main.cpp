// The header-only part with nothing but an include path.

#include <aircargo/core/airport_code.hpp>
#include <aircargo/core/booking_ref.hpp>
#include <aircargo/store/memory.hpp>
#include <cstdlib>
#include <iostream>
#include <vector>

int main()
{
    aircargo::memory_booking_store store;
    std::vector const refs{aircargo::booking_ref::parse("ACB12345").value()};
    auto const found = store.find(refs);

    bool const good = aircargo::airport_code::parse("del").value().str() == "DEL" &&
                      found.size() == 1 && found[0].has_error() &&
                      found[0].error().code == aircargo::errc::not_found;
    std::cout << (good ? "good\n" : "wrong\n");
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
