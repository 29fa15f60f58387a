#include "figures.hpp"
#include "parts.hpp"
#include <aircargo/routing/search.hpp>
#include <aircargo/service/schedule_file.hpp>
#include <unistd.h>
#include <fstream>

namespace aircargo::bench {
namespace {

constexpr int builds = 5;
constexpr int openings = 101;

/// A figure of /proc/self/status, in MB; 0 where there is none.
[[nodiscard]] double status_mb(std::string const& name)
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kb = 0;
        if (word == name + ":" && status >> kb) return kb / 1e3;
    }
    return 0;
}

/// The most memory that `use` needs beyond what was in use before, in MB.
template <class Use>
[[nodiscard]] double peak_mb_of(Use use)
{
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts anew
    auto const before = status_mb("VmRSS");
    use();
    return status_mb("VmHWM") - before;
}

/// A file name of its own, removed at the end.
class scratch_file {
public:
    scratch_file()
        : path_(std::filesystem::temp_directory_path() /
                ("aircargo_bench_" + std::to_string(getpid()) + ".schedule"))
    {}
    ~scratch_file() { std::filesystem::remove(path_); }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// Every question finds a file that was opened just now.
void measure_opening(std::filesystem::path const& path, std::vector<question> const& questions)
{
    std::vector<double> open_ms;
    std::vector<double> first_us;
    std::vector<double> second_us;
    for (auto const& q : questions) {
        stopwatch const opening;
        auto const s = open_schedule(path).value();
        open_ms.push_back(opening.seconds() * 1e3);
        route_search searching;
        route_answer answer;
        route_query const query{q.origin, q.destination, q.day, 1, top_size};
        first_us.push_back(seconds_of([&] { searching.run(s, query, answer); }) * 1e6);
        second_us.push_back(seconds_of([&] { searching.run(s, query, answer); }) * 1e6);
    }
    print_figure("open the file, median", median(open_ms), "ms", 50);
    print_figure("first search in it, 20 itineraries, median", median(first_us), "us");
    print_figure("the same once more, median", median(second_us), "us");
}

}  // namespace

void measure_build(data_set const& data)
{
    print_heading("build: " + data.name);
    std::vector<double> seconds;
    double peak = 0;
    for (int i = 0; i < builds; ++i) {
        peak = peak_mb_of(
            [&] { seconds.push_back(seconds_of([&] { schedule const s(data.flights); })); });
    }
    print_figure("build, median", median(seconds), "s", 3);
    print_figure("peak memory while it builds, beyond the flights'", peak, "MB");

    schedule const s(data.flights);
    print_figure("the schedule", static_cast<double>(s.bytes().size()) / 1e6, "MB");
    scratch_file const file;
    print_figure("save to a file, with sync",
                 seconds_of([&] { (void)save_schedule(file.path(), s).value(); }), "s");
    measure_opening(file.path(), draw_questions(data.flights, openings, question_seed));
}

}  // namespace aircargo::bench
