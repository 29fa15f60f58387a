// Durable creates a second through the funnel on SQLite, by the number of concurrent callers. The
// counter `batch` is the mean batch size: the callers that share one sync to disk.

#include <aircargo/async/cargo_system.hpp>
#include <aircargo/store/sqlite.hpp>
#include <benchmark/benchmark.h>
#include <unistd.h>
#include <filesystem>
#include <memory>
#include <string>

namespace {

using namespace aircargo;

/// A database file of its own, removed at the end.
class scratch_database {
public:
    scratch_database()
        : folder_(std::filesystem::temp_directory_path() /
                  ("aircargo_bench_" + std::to_string(getpid())))
    {
        std::filesystem::create_directory(folder_);
        auto const db = sqlite_database::open((folder_ / "bench.db").string()).value();
        system = std::make_unique<cargo_system>(
            backends{make_booking_store<sqlite_booking_store>(db),
                     make_flight_store<sqlite_flight_store>(db), make_cache<memory_cache>(),
                     make_lock_manager<memory_lock_manager>()});
    }
    ~scratch_database()
    {
        system.reset();
        std::filesystem::remove_all(folder_);
    }
    scratch_database(scratch_database const&) = delete;
    scratch_database& operator=(scratch_database const&) = delete;

    std::unique_ptr<cargo_system> system;

private:
    std::filesystem::path folder_;
};

std::unique_ptr<scratch_database> database;  // shared by the threads of one run

void creates(benchmark::State& state)
{
    if (state.thread_index() == 0) database = std::make_unique<scratch_database>();
    book_request const request{airport_code::parse("DEL").value(),
                               airport_code::parse("BLR").value(), 3, weight::from_kg(120).value()};
    for (auto _ : state) {
        if (database->system->desk.writes.call(request).has_error()) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
    if (state.thread_index() == 0) {
        auto const counts = database->system->desk.writes.counts();
        state.counters["batch"] =
            static_cast<double>(counts.requests) / static_cast<double>(counts.batches);
        database.reset();
    }
}
BENCHMARK(creates)->Threads(1)->Threads(16)->Threads(256)->UseRealTime();

}  // namespace
