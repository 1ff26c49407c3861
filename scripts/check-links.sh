#!/bin/sh
# Fails where the program has come to link the whole of Foundation: 44 MB, and twice the time to start.
set -eu

program=$1
if command -v ldd >/dev/null 2>&1; then
    if ldd "$program" | grep -qE 'libFoundation\.so|libFoundationInternationalization|libFoundationNetworking'; then
        echo "$program links the whole of Foundation; FoundationEssentials is enough" >&2
        ldd "$program" | grep Foundation >&2
        exit 1
    fi
    echo "linked: FoundationEssentials at the most"
fi
if grep -rlE '^(package |public |internal )?import Foundation' Sources/FaregateText Sources/FaregateValues Sources/FaregateCEL \
    Sources/FaregateSpec Sources/FaregateWire Sources/FaregateEngine Sources/FaregateSimulator Sources/FaregateVerify \
    Sources/FaregateStripe Sources/FaregateRender; then
    echo "a core module imports Foundation" >&2
    exit 1
fi
