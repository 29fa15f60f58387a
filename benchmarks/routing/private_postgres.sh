#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own and names it in AIRCARGO_BENCH_POSTGRES. The server
# has its data and its one socket in a temporary folder, listens on no network, and is gone at the end,
# however the command ends. Where PostgreSQL is missing, the command runs without.
#   benchmarks/routing/private_postgres.sh COMMAND...
set -euo pipefail

skip() {
    echo "skipped: PostgreSQL: $*" >&2
    exec "${command[@]}"
}
command=("$@")

programs=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1)
[[ -n $programs ]] || skip "it is not installed (postgresql)"

as_user=()
if ((EUID == 0)); then  # PostgreSQL refuses to run as root
    user=nobody
    ! getent passwd postgres >/dev/null || user=postgres
    as_user=(runuser -u "$user" --)
fi

folder=$(mktemp -d)
child=''
# shellcheck disable=SC2317  # called by the traps
clean_up() {
    trap '' INT TERM
    if [[ -n $child ]]; then
        kill "$child" 2>/dev/null || true
        wait "$child" || true
    fi
    (cd / && "${as_user[@]}" "$programs/pg_ctl" -s -D "$folder/data" -m immediate stop) 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

((EUID != 0)) || chown "$user" "$folder"
(
    cd /  # a folder that every user may enter
    "${as_user[@]}" "$programs/initdb" -D "$folder/data" -U bench -A trust -E UTF8 --locale=C \
        --no-sync --no-instructions
    "${as_user[@]}" "$programs/pg_ctl" -w -D "$folder/data" -l "$folder/log" start \
        -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c shared_buffers=1GB -c fsync=off \
            -c maintenance_work_mem=256MB -c max_wal_size=4GB -c autovacuum=off"
) >"$folder/out" 2>&1 </dev/null || {
    cat "$folder/out" "$folder/log" >&2 || true
    clean_up
    trap - EXIT INT TERM
    skip "it does not start; the lines above say why"
}

export AIRCARGO_BENCH_POSTGRES="host=$folder user=bench dbname=postgres"
"${command[@]}" <&0 &
child=$!
result=0
wait "$child" || result=$?
child=''
exit "$result"
