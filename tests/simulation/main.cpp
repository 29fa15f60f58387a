#include "simulation/run.hpp"
#include <iostream>
#include <cstdlib>
int main(int argc, char** argv)
{
    using namespace aircargo::simulation;
    auto const first = std::strtoull(argv[1], nullptr, 10);
    auto const count = std::strtoull(argv[2], nullptr, 10);
    plan p;
    if (argc > 3) p.planted = *find_bug(argv[3]);
    if (argc > 4) p.show = [](std::string const& line) { std::cout << line << '\n'; };
    std::uint64_t ops = 0, hits = 0, changes = 0; int bad = 0;
    for (auto s = first; s < first + count; ++s) {
        auto const o = run_seed(s, p);
        ops += o.operations; hits += o.hits; changes += o.changes;
        if (o.violation) { std::cout << s << " " << o.profile << " " << *o.violation << '\n'; if (++bad > (argc>3?0:8)) break; }
    }
    std::cout << ops << " ops " << changes << " changes " << hits << " hits\n";
}
