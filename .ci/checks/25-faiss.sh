# An independent judge of the search: faiss's exact indexes must find the same pairs, with the same distances, as ours
# within 31 bits, in 100,000 hashes with true hits at 0 to 40 bits. The bench fails when they differ.
set -euo pipefail
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check faiss-cpu==1.15.1 numpy==2.4.6
FAISS_PYTHON="$venv/bin/python" npm run --silent bench -- match.faiss.100k | tee "$venv/figures"
[ "$(grep -c same_pairs "$venv/figures")" = 2 ] || { echo "nothing was compared" >&2; exit 1; }
