#!/bin/sh
# Runs the mock server against clients that nobody here wrote: the official Python SDK of today and Debian's of 2022, pytest, and a
# browser where there is one; and flows against a mock of others, localstripe.
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

# Installs what Debian has, where that can be done; whether it is there is asked afterwards.
debian() {
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ] || return 0
    echo "peers: installing $* ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq "$@" >"$folder/apt.log" 2>&1 ||
        { apt-get update -qq && apt-get install -y -qq "$@"; } >>"$folder/apt.log" 2>&1 || true
}

browser=Tests/Peers/browser
command -v chromedriver >/dev/null 2>&1 || debian chromium chromium-driver
if ! command -v chromedriver >/dev/null 2>&1; then
    echo "peers: no chromedriver here, the browser's walk is skipped"
    browser=
fi

# Debian's Python has its own packages; only release 12 has this old one.
has_old_sdk() { /usr/bin/python3 -c 'import pytest, stripe; assert stripe.version.VERSION == "5.0.0"' >/dev/null 2>&1; }
has_old_sdk || debian python3-stripe python3-pytest

export FAREGATE="$program"
for tests in Tests/Peers/sdk examples/contract-test-python Tests/Peers/kill $browser; do
    echo "peers: $tests"
    "$python" -m pytest -q -p no:cacheprovider "$tests"
done

if has_old_sdk; then
    echo "peers: Tests/Peers/old-sdk"
    /usr/bin/python3 -m pytest -q -p no:cacheprovider Tests/Peers/old-sdk
else
    echo "peers: Tests/Peers/old-sdk skipped, there is no python3-stripe 5.0.0 for /usr/bin/python3"
fi

echo "peers: localstripe"
"$python" Tests/Peers/localstripe/compare.py --check
