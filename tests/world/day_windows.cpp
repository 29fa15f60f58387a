#include <aircargo/world/airport_table.hpp>
#include <aircargo/world/time_zones.hpp>
#include <cstdio>
#include <set>
#include <string>

/// Prints `zone date start` with the instant at which a day starts, for every zone of the airport
/// table and every day from 2024 to 2027; a line with `ends` where the days do not join.
int main()
{
    using namespace std::chrono;
    std::set<std::string> zones;
    for (auto const& a : aircargo::all_airports()) zones.insert(a.zone);
    for (auto const& zone : zones) {
        for (sys_days day = year(2024) / 1 / 1; day < sys_days(year(2028) / 1 / 1);
             day += days(1)) {
            auto const window = aircargo::local_day(day, zone).value();
            auto const next = aircargo::local_day(day + days(1), zone).value();
            bool const joins = window.end == next.start && window.next_end == next.end;
            std::printf("%s %s %s%s\n", zone.c_str(),
                        aircargo::to_string(aircargo::date(day)).c_str(),
                        aircargo::to_string(window.start).c_str(), joins ? "" : " ends");
        }
    }
}
