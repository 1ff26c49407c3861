// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import FaregateText

/// The flows that the language was designed with, where they are at hand.
@Suite struct SampleTests {
    static let folder: URL = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: "../shared/design/samples")
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

    @Test(.enabled(if: isPresent, "the design samples are not beside this package: ../shared/design/samples"))
    func theDesignSamplesAreReadCleanly() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(!names.isEmpty)
        for name in names where name.hasSuffix(".yaml") {
            let source = SourceText(path: name, bytes: Array(try Data(contentsOf: Self.folder.appending(path: name))))
            let document = YAMLReader.read(source)
            #expect(document.root?.mapping?.isEmpty == false, "\(name)")
            let text = FindingPrinter(sources: [source]).text(for: document.findings)
            #expect(document.findings.isEmpty, "\(text)")
        }
    }
}
