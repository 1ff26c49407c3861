// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer,
    _ body: @convention(c) (UnsafeRawPointer?, Int) -> CInt
) -> CInt

/// Hands a program over to libFuzzer, which calls it again and again with bytes of its own making.
///
/// SwiftPM gives every executable a `main`, so libFuzzer's own cannot be used.
package func fuzz(_ body: @convention(c) (UnsafeRawPointer?, Int) -> CInt) -> CInt {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    return withUnsafeMutablePointer(to: &arguments) { runDriver(&count, $0, body) }
}

package func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8] {
    start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) } ?? []
}
