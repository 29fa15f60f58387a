#include "answers.hpp"
#include "bind.hpp"
#include "store_ports.hpp"
#include <aircargo/lock/postgres.hpp>
#include <aircargo/store/postgres.hpp>

namespace aircargo::python {
namespace {

using database = std::shared_ptr<postgres_database>;

[[nodiscard]] database open(std::string const& url)
{
    return value_or_raise(without_gil([&] { return postgres_database::open(url); }));
}

[[nodiscard]] py::tuple open_stores(std::string const& url)
{
    auto const opened = open(url);
    return py::make_tuple(shared(make_booking_store<postgres_booking_store>(opened)),
                          shared(make_flight_store<postgres_flight_store>(opened)));
}

[[nodiscard]] std::shared_ptr<any_lock_manager> open_locks(std::string const& url)
{
    return shared(make_lock_manager<postgres_lock_manager>(open(url)));
}

}  // namespace

void bind_postgres(py::module_& m)
{
    m.def("open_postgres", &open_stores, py::arg("url"),
          "(booking store, flight store) of a database.");
    m.def("postgres_locks", &open_locks, py::arg("url"), "Locks among all who use a database.");
}

}  // namespace aircargo::python
