# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""The guard of a payment flow, in Faregate's CEL and in the Rust CEL of PyPI, turn by turn."""

import statistics
import subprocess
import sys
import time

import cel

GUARD = "payment_intent.amount > 5000 && payment_method.type in ['card','sepa_debit'] && !off_session"
ROUNDS = 7
CALLS = 200_000


def rust() -> float:
    """Nanoseconds a call, program and context reused."""
    program = cel.compile(GUARD)
    context = cel.Context(
        variables={
            "payment_intent": {"amount": 7500},
            "payment_method": {"type": "card"},
            "off_session": False,
        }
    )
    assert program.execute(context) is True
    start = time.perf_counter_ns()
    for _ in range(CALLS):
        program.execute(context)
    return (time.perf_counter_ns() - start) / CALLS


def ours(tool: str) -> float:
    return float(subprocess.run([tool, "--guard"], capture_output=True, text=True, check=True).stdout)


pairs = [(ours(sys.argv[1]), rust()) for _ in range(ROUNDS)]
ratio = statistics.median(a / b for a, b in pairs)
print(f"guard: {statistics.median(a for a, _ in pairs):.0f} ns, Rust CEL from Python {statistics.median(b for _, b in pairs):.0f} ns: ratio {ratio:.2f}")
