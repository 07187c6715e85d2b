# An independent judge of our fingerprints: the reference implementation in C++, through its Python binding.
set -euo pipefail
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check pdqhash==0.2.8 numpy==2.4.6
PYTHON="$venv/bin/python" ./node_modules/.bin/node .ci/judges/pdq-reference.ts
