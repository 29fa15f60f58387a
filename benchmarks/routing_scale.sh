#!/usr/bin/env bash
# What the schedule costs as it grows, on made-up worlds and on real flights where they lie beside the
# checkout or AIRCARGO_FLIGHTS_CSV names some.
#   benchmarks/routing_scale.sh [program]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../build/bench/bin/routing_scale_benchmarks}
real_flights=$here/../../shared/data/flights_us_2008_01.csv.gz
if [[ -z ${AIRCARGO_FLIGHTS_CSV:-} && -f $real_flights ]]; then
    export AIRCARGO_FLIGHTS_CSV=$real_flights
fi
"$program"
