// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Foundation
import Testing

@testable import FaregateCEL

/// Runs something on a thread with a stack of its own size.
func onStack<T: Sendable>(ofBytes size: Int, _ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: body()) }
        thread.stackSize = size
        thread.start()
    }
}

/// Deep expressions on the smallest stack that a thread may have: 512 KiB on Apple's systems.
@Suite struct StackTests {
    /// Frames without optimisation are several times as large: the limit itself is for what we ship.
    #if DEBUG
        private static let depth = 36
    #else
        private static let depth = 95
    #endif

    static let sources: [String] = [
        String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth),
        String(repeating: "[", count: depth) + "a" + String(repeating: "]", count: depth),
        String(repeating: "{'k': ", count: depth) + "a" + String(repeating: "}", count: depth),
        String(repeating: "dyn(", count: depth) + "a" + String(repeating: ")", count: depth),
        String(repeating: "-", count: depth) + "a",
        "a" + String(repeating: " + a", count: depth),
        String(repeating: "a > 0 ? a : ", count: depth) + "a",
        "[a]" + String(repeating: ".filter(x, true)", count: depth),
        String(repeating: "[a].map(x, ", count: depth / 2) + "x" + String(repeating: ")", count: depth / 2) + " == []",
        String(repeating: "a == 0 || (a == 0 && (", count: depth / 3) + "true"
            + String(repeating: "))", count: depth / 3),
    ]

    @Test(arguments: sources) func standsOnASmallStack(_ source: String) async {
        let fits = await onStack(ofBytes: 512 << 10) {
            let program = try? Program.parse(source).get()
            _ = program?.check(TypeEnvironment(["a": .int]))
            _ = program?.references
            _ = program?.explain { _ in 1 }
            return program != nil
        }
        #expect(fits)
    }
}
