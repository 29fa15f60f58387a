#!/usr/bin/env bash
# Durable creates a second over HTTP on SQLite, with 1 and with 256 connections, in turns. Needs wrk.
#   benchmarks/http/creates.sh [program] [seconds]
set -euo pipefail

program=${1:-build/release/bin/aircargo-server}
seconds=${2:-5}
folder=$(mktemp -d)
"$program" serve --listen 127.0.0.1:0 --store "sqlite:$folder/bench.db" --log-level warn --rate-limit off --auth off \
    > "$folder/out" 2> "$folder/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$folder"' EXIT

until url=$(sed -n 's/^listening on //p' "$folder/out") && [[ -n $url ]]; do
    kill -0 "$server" || { cat "$folder/log" >&2; exit 1; }
done
cat > "$folder/create.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"origin":"DEL","destination":"BLR","pieces":3,"weight_kg":120}'
LUA
for _ in 1 2 3; do
    for connections in 1 256; do
        printf '%3d connections: ' "$connections"
        wrk -t1 "-c$connections" "-d${seconds}s" -s "$folder/create.lua" "$url/api/v1/bookings" |
            sed -n 's/^Requests\/sec: */creates a second: /p; s/^ *Non-2xx/refused, Non-2xx/p'
    done
done
curl -s "$url/health/detailed" | sed 's/.*"writes":\({[^}]*}\).*/writes: \1\n/'
