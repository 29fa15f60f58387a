#pragma once

#include "api/json_writer.hpp"
#include <aircargo/routing/flight.hpp>
#include <aircargo/routing/schedule.hpp>
#include <aircargo/service/flight_import.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Flights as the API shows them.
namespace aircargo::server {

void write_flight(json_writer& out, flight_view const& f);

[[nodiscard]] std::string flight_json(flight const& f);

[[nodiscard]] std::string flights_json(std::span<flight_view const> flights, std::size_t page_size,
                                       std::string_view next_cursor);

[[nodiscard]] std::string import_report_json(import_report const& report);

}  // namespace aircargo::server
