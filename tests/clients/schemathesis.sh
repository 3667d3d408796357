#!/usr/bin/env bash
# Holds the server to openapi.json: schemathesis sends what the description allows and what it does not, and fails on a status
# or a shape that is not described, on a violation that is accepted, and on a fault of the server. Against a demo of the debug
# build (TERTULIA_BINARY names another), as an officer and as a platform's representative, with a fixed seed.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
binary=${TERTULIA_BINARY:-$root/target/debug/tertulia}
examples=${EXAMPLES:-10}

work=$(mktemp -d)
server=
stop() {
  if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
  rm -rf "$work"
}
trap stop EXIT

python=${VENV:-$root/target/clients-venv}
if [ ! -x "$python/bin/schemathesis" ]; then
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet --requirement requirements.txt
fi
"$python/bin/openapi-spec-validator" "$root/openapi.json"

"$binary" demo --data "$work/demo" --listen 127.0.0.1:0 > "$work/log" 2>&1 &
server=$!
url=
for _ in $(seq 600); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/log" | head -n 1 || true)
  if [ -n "$url" ] && [ -e "$work/demo/accounts.json" ]; then break; fi
  kill -0 "$server" || { cat "$work/log"; exit 1; }
  sleep 0.2
done

account() { # account ROLE FIELD
  grep -o "{[^{}]*\"$1\"[^{}]*}" "$work/demo/accounts.json" | sed -E "s/.*\"$2\": *\"([^\"]*)\".*/\1/"
}
token() { # token ROLE
  curl -sf "$url/v1/session" -H 'content-type: application/json' \
    -d "{\"email\":\"$(account "$1" email)\",\"password\":\"$(account "$1" password)\"}" | sed -E 's/.*"accessToken":"([^"]*)".*/\1/'
}
hold() { # hold ROLE ARGUMENTS: runs schemathesis as that role
  local bearer
  bearer=$(token "$1")
  shift
  "$python/bin/schemathesis" --config-file schemathesis.toml run "$root/openapi.json" --url "$url" \
    --header "Authorization: Bearer $bearer" --checks all --continue-on-failure --seed 1 \
    --generation-database none --max-examples "$examples" --warnings off --no-color "$@"
}

# What ends the session comes last, with a session of its own.
phases=examples,coverage,fuzzing
hold ELECTORAL_BODY_OFFICER --phases "$phases" --exclude-operation-id sessionEnd
hold PLATFORM_REPRESENTATIVE --phases "$phases" --include-tag Contacts
hold ELECTORAL_BODY_OFFICER --phases fuzzing --max-examples 1 --include-operation-id sessionEnd
grep -qE 'panicked' "$work/log" && { cat "$work/log"; exit 1; }
exit 0
