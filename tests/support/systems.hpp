#pragma once

#include "support/backends.hpp"
#include <aircargo/async/cargo_system.hpp>

namespace aircargo::test {

inline backends backends_of(memory_stores const&) { return memory_backends(); }
inline backends backends_of(sqlite_stores const& stores)
{
    return {make_booking_store<sqlite_booking_store>(stores.database),
            make_flight_store<sqlite_flight_store>(stores.database), make_cache<memory_cache>(),
            make_lock_manager<memory_lock_manager>()};
}
inline backends backends_of(postgres_stores const& stores)
{
    return {make_booking_store<postgres_booking_store>(stores.database),
            make_flight_store<postgres_flight_store>(stores.database), make_cache<memory_cache>(),
            make_lock_manager<memory_lock_manager>()};
}

}  // namespace aircargo::test
