#!/usr/bin/env bash
# Our route search against its peers, once on real flights where they lie beside the checkout, and once
# on a made-up world. Ends with 1 when two of them answer differently.
#   benchmarks/routing.sh [program] [flags of Google Benchmark]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$here/../build/bench/bin/routing_benchmarks
if (($#)) && [[ $1 != -* ]]; then
    program=$1
    shift
fi

real_flights=$here/../../shared/data/flights_us_2008_01.csv.gz
if [[ -n ${AIRCARGO_FLIGHTS_CSV:-} ]]; then
    "$here/routing/private_postgres.sh" "$program" "$@"
    exit
fi
if [[ -f $real_flights ]]; then
    AIRCARGO_FLIGHTS_CSV=$real_flights "$here/routing/private_postgres.sh" "$program" "$@"
else
    echo "skipped: real flights: there is no $real_flights, and AIRCARGO_FLIGHTS_CSV names no other" >&2
fi
"$here/routing/private_postgres.sh" "$program" "$@"
