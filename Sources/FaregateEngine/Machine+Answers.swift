// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

// What answers are about: nothing is believed of an object that nobody has asked for.
extension Machine {
    /// The object that an answer brings, by itself or inside of an error; nil where an error brings none.
    func subject(of response: Response, to call: Run.PendingCall) throws(Violation) -> Value? {
        let lifecycle = lifecycle(of: call)
        let what = "the answer to \(lifecycle.name).\(lifecycle.operations[call.operation].name)"
        let error = response.error
        guard let body = error == nil ? response.body : error?.embedded(lifecycle.name) else { return nil }
        guard let id = body["id"]?.string else {
            if error != nil { return nil }
            throw unreadable("\(what) is no object with an id")
        }
        guard ObjectID.isPlausible(id) else {
            throw unreadable(
                "\(what) is no object with an id",
                notes: ["its id holds characters that no id has, or is longer than \(ObjectID.longest) characters"])
        }
        if let kind = body["object"]?.string, kind != lifecycle.name {
            throw unreadable("\(what) is no \(lifecycle.name) but a \(TerminalText.fit(TerminalText.safe(kind), 60))")
        }
        if let asked = call.objectID, id != asked, !ObjectID.isTestToken(asked) {
            throw unreadable("\(what) is about '\(id)', and '\(asked)' was asked for")
        }
        return body
    }

    private func unreadable(_ message: String, notes: [String] = []) -> Violation {
        violation(.unreadableAnswer, at: state.verbSpan, message, notes: notes)
    }
}

/// The ids of objects: opaque, and yet no text whatever.
enum ObjectID {
    /// As long as the API says that ids may become.
    static let longest = 255

    /// Letters, digits, `_`, `-` and `.`: what can neither lead to another address nor disturb a terminal.
    static func isPlausible(_ id: String) -> Bool {
        let marks = [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")]
        return (1...longest).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || marks.contains(byte)
            } && id.utf8.contains { $0 != UInt8(ascii: ".") }
    }

    /// `pm_card_visa`: a word for a payment method that the API makes when it hears it, with an id of its own.
    static func isTestToken(_ id: String) -> Bool { id.hasPrefix("pm_") && id.dropFirst(3).contains("_") }
}
