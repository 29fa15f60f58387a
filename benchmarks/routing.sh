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

# Where there is no PostgreSQL this says so, and the program runs without.
beside_postgres() {
    python3 "$here/../tests/support/private_postgres.py" --optional --socket --variable AIRCARGO_BENCH_POSTGRES \
        --locale C --set shared_buffers=1GB --set maintenance_work_mem=256MB --set max_wal_size=4GB \
        --set autovacuum=off --set full_page_writes=on -- "$@"
}

real_flights=$here/../../shared/data/flights_us_2008_01.csv.gz
if [[ -n ${AIRCARGO_FLIGHTS_CSV:-} ]]; then
    beside_postgres "$program" "$@"
    exit
fi
if [[ -f $real_flights ]]; then
    AIRCARGO_FLIGHTS_CSV=$real_flights beside_postgres "$program" "$@"
else
    echo "skipped: real flights: there is no $real_flights, and AIRCARGO_FLIGHTS_CSV names no other" >&2
fi
beside_postgres "$program" "$@"
