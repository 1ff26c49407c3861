// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files of the package, wherever the tests run.
enum Package {
    static let root: String = {
        // Tests/FaregateTests/Support.swift
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    }()

    static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The YAML files of a folder, by their paths from the root; nil where there is no such folder.
    static func yaml(in folder: String) -> [(path: String, text: String)]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)") else { return nil }
        return names.filter { $0.hasSuffix(".yaml") }.sorted().compactMap { name in
            text("\(folder)/\(name)").map { ("\(folder)/\(name)", $0) }
        }
    }

    /// Flows that are not part of the package; nil where the tests run without them.
    static let samples = yaml(in: "../shared/design/samples")
}

/// A small flow of which a part is replaced by another text, top key by top key.
struct Example {
    var text: String

    static let flow = """
        flow: example
        inputs:
          amount: {type: int, default: 1000}
        objects:
          payment: payment_intent
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd}
            on: {requires_payment_method: done}
          done: {final: success}

        """
    static let lifecycle = """
        lifecycle: thing
        prefix: th
        statuses: {open: , closed: {terminal: true}}
        operations: {create: POST /v1/things, close: "POST /v1/things/{id}/close"}
        transitions:
          - {id: T1, call: create, to: open}

        """

    init(_ part: String) {
        let isPolicy = part.contains("rules:")
        let isLifecycle = part.contains("transitions:")
        let base = Self.blocks(isPolicy ? "policy: example\n" : isLifecycle ? Self.lifecycle : Self.flow)
        let own = Self.blocks(part)
        let keys = own.compactMap(\.key)
        guard !keys.isEmpty else {
            text = part
            return
        }
        text = base.filter { !keys.contains($0.key ?? "") }.map(\.text).joined() + own.map(\.text).joined()
    }

    /// The text cut before each line that is not indented.
    private static func blocks(_ text: String) -> [(key: String?, text: String)] {
        var blocks: [(key: String?, text: String)] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let colon = line.firstIndex(of: ":")
            if let first = line.first, first != " ", first != "\t", first != "#" {
                blocks.append((colon.map { String(line[..<$0]) }, line + "\n"))
            } else if blocks.isEmpty || (line.hasPrefix("#") && blocks.last?.key != nil) {
                blocks.append((nil, line + "\n"))
            } else {
                blocks[blocks.count - 1].text += line + "\n"
            }
        }
        return blocks
    }
}
