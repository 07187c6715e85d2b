# The catalogue's hashes in ClickHouse, on ClickHouse's own engine: npm's chdb, 543 MB, so it is no dependency of ours.
# Its packages hold the engine; nothing is downloaded or run at installation (--ignore-scripts proves it).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --no-package-lock chdb@3.4.0
CHDB="$folder" ./node_modules/.bin/node --test --test-reporter=spec .ci/judges/clickhouse.test.ts
