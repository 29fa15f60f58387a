// Runs a fuzz target without a fuzzer: on the files that are named, or on so many random inputs.

#include "byte_source.hpp"
#include "support/seed.hpp"
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

void run(std::vector<std::uint8_t> const& input)
{
    (void)LLVMFuzzerTestOneInput(input.data(), input.size());
}

void run_file(char const* path)
{
    std::ifstream in(path, std::ios::binary);
    run({std::istreambuf_iterator<char>(in), {}});
}

/// Some are full of zeros, of which targets make their plainest choices.
std::vector<std::uint8_t> random_input(aircargo::test::random_source& random)
{
    using aircargo::test::between;
    std::vector<std::uint8_t> input(between<std::size_t>(random, 0, 400));
    auto const highest = between(random, 0, 3) == 0 ? 3 : 255;
    for (auto& byte : input) byte = static_cast<std::uint8_t>(between(random, 0, highest));
    return input;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--random") {
        aircargo::test::random_source random(aircargo::test::printed_seed());
        for (auto left = std::stoi(argv[2]); left > 0; --left) run(random_input(random));
        return 0;
    }
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " --random <inputs> | <file>...\n";
        return 2;
    }
    for (int i = 1; i < argc; ++i) run_file(argv[i]);
}
