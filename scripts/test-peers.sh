#!/bin/sh
# Runs the mock server against clients that nobody here wrote: the official Python SDK, pytest, and a browser where there is one.
# Needs the program (make build), Python 3 with venv, and PyPI once. What it makes stays in .build-peers.
set -eu
cd "$(dirname "$0")/.."

program=${FAREGATE:-$PWD/.build/debug/faregate}
[ -x "$program" ] || { echo "there is no $program; 'make build' makes it" >&2; exit 1; }
command -v python3 >/dev/null 2>&1 || { echo "peers: skipped, there is no python3"; exit 0; }

folder=$PWD/.build-peers
python=$folder/venv/bin/python
if ! "$python" -c 'import stripe, pytest, selenium' >/dev/null 2>&1; then
    echo "peers: installing stripe, pytest and selenium into .build-peers ..."
    python3 -m venv "$folder/venv" >/dev/null 2>&1 || { echo "peers: skipped, python3 has no venv"; exit 0; }
    "$python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 stripe pytest selenium \
        >"$folder/pip.log" 2>&1 || { echo "peers: skipped, PyPI cannot be reached"; exit 0; }
fi

browser=Tests/Peers/browser
if ! command -v chromedriver >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    echo "peers: installing Chromium and its driver ..."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >"$folder/apt.log" 2>&1 ||
        { apt-get update -qq >>"$folder/apt.log" 2>&1 &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >>"$folder/apt.log" 2>&1; } || true
fi
if ! command -v chromedriver >/dev/null 2>&1; then
    echo "peers: no chromedriver here, the browser's walk is skipped"
    browser=
fi

export FAREGATE="$program"
for tests in Tests/Peers/sdk examples/contract-test-python $browser; do
    echo "peers: $tests"
    "$python" -m pytest -q -p no:cacheprovider "$tests"
done
