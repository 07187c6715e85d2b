#!/usr/bin/env bash
# An independent judge reads the OpenAPI document: openapi-spec-validator, from PyPI.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet openapi-spec-validator==0.7.2
node -e 'import("@recourse/protocol").then(({ openApiDocument }) => console.log(JSON.stringify(openApiDocument("0"))))' >"$work/openapi.json"
"$work/venv/bin/python" - "$work/openapi.json" <<'PYTHON'
import json, sys
from openapi_spec_validator import OpenAPIV31SpecValidator
document = json.load(open(sys.argv[1]))
errors = list(OpenAPIV31SpecValidator(document).iter_errors())
for error in errors:
    print(error.message[:300])
assert not errors, "the document is not valid OpenAPI 3.1"
print(f"OpenAPI 3.1: {len(document['paths'])} paths, valid")
PYTHON
