# Each gate has to name what is planted in a copy of the tree.
set -euo pipefail
./node_modules/.bin/node --test --test-reporter=spec tools/planted/planted.test.ts
