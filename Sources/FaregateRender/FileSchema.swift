// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
package import FaregateValues

/// What a kind of file may hold, as JSON Schema (draft-07): for editors, which complete and explain keys with it.
public enum FileSchema: String, Sendable, CaseIterable {
    case flow, lifecycle, policy

    /// `flow.schema.json`
    public var fileName: String { "\(rawValue).schema.json" }

    /// The schema as JSON text.
    public var text: String { JSON.write(value, pretty: true) + "\n" }

    package var value: Value {
        let name = "\(rawValue).schema.yaml"
        let text = EmbeddedText.files.first { $0.name == name }?.text ?? ""
        return YAMLReader.read(SourceText(path: name, text: text)).root?.data ?? .null
    }
}
