// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Strict UTF-8 that goes on after an error, so that a broken file can still be shown.
enum UTF8Decoder {
    /// `firstInvalid` is the offset, in scalars, of the first U+FFFD that stands for bytes which are no UTF-8.
    static func decode(_ bytes: [UInt8]) -> (scalars: [Unicode.Scalar], firstInvalid: Int?) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        var firstInvalid: Int?
        var decoder = UTF8()
        // Up to the first other character, bytes are scalars.
        let plain = bytes.firstIndex { $0 >= 0x80 } ?? bytes.count
        scalars.append(contentsOf: bytes[..<plain].lazy.map { Unicode.Scalar($0) })
        if plain == bytes.count { return (scalars, nil) }
        var iterator = bytes[plain...].makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                scalars.append(scalar)
            case .error:
                if firstInvalid == nil { firstInvalid = scalars.count }
                scalars.append("\u{FFFD}")
            case .emptyInput:
                return (scalars, firstInvalid)
            }
        }
    }
}
