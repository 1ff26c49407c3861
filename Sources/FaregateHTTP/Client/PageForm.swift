// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The form of a test page that a customer is sent to: where it leads and what its buttons say.
struct PageForm: Equatable {
    var action: String
    /// What goes along unseen.
    var fields: [(name: String, value: String)]
    /// Of the buttons named `choice`.
    var choices: [String]

    static func == (a: PageForm, b: PageForm) -> Bool {
        a.action == b.action && a.choices == b.choices && a.fields.elementsEqual(b.fields) { $0 == $1 }
    }

    /// The first form of a page that is posted and offers choices.
    static func read(_ html: String) -> PageForm? {
        var form: PageForm?
        for tag in Tag.all(in: html) {
            switch tag.name {
            case "form":
                guard tag.attributes["method"]?.lowercased() == "post" else {
                    form = nil
                    continue
                }
                form = PageForm(action: tag.attributes["action"] ?? "", fields: [], choices: [])
            case "input" where tag.attributes["type"]?.lowercased() == "hidden":
                if let name = tag.attributes["name"] { form?.fields.append((name, tag.attributes["value"] ?? "")) }
            case "button", "input":
                if tag.attributes["name"] == "choice", let value = tag.attributes["value"] {
                    form?.choices.append(value)
                }
            case "/form": if let form, !form.choices.isEmpty { return form }
            default: break
            }
        }
        return form.flatMap { $0.choices.isEmpty ? nil : $0 }
    }

    private struct Tag {
        var name: String
        var attributes: [String: String] = [:]

        /// The tags of a text, comments left out.
        static func all(in html: String) -> [Tag] {
            var tags: [Tag] = []
            var rest = Array(html.unicodeScalars)[...]
            while let open = rest.firstIndex(of: "<") {
                rest = rest[(open + 1)...]
                if rest.starts(with: "!--".unicodeScalars) {
                    while !rest.isEmpty, !rest.starts(with: "-->".unicodeScalars) { rest = rest.dropFirst() }
                    continue
                }
                if let tag = read(&rest) { tags.append(tag) }
            }
            return tags
        }

        private static func read(_ rest: inout ArraySlice<Unicode.Scalar>) -> Tag? {
            let name = word(&rest) { $0 != ">" && !$0.properties.isWhitespace }.lowercased()
            guard !name.isEmpty else { return nil }
            var tag = Tag(name: name)
            while true {
                _ = word(&rest) { $0.properties.isWhitespace || $0 == "/" }
                guard let next = rest.first, next != ">" else { return tag }
                let key = word(&rest) { $0 != ">" && $0 != "=" && !$0.properties.isWhitespace }.lowercased()
                var value = ""
                if rest.first == "=" {
                    rest = rest.dropFirst()
                    if let quote = rest.first, quote == "\"" || quote == "'" {
                        rest = rest.dropFirst()
                        value = word(&rest) { $0 != quote }
                        rest = rest.dropFirst()
                    } else {
                        value = word(&rest) { $0 != ">" && !$0.properties.isWhitespace }
                    }
                } else if key.isEmpty {
                    rest = rest.dropFirst()
                }
                if !key.isEmpty, tag.attributes[key] == nil { tag.attributes[key] = unescaped(value) }
            }
        }

        private static func word(
            _ rest: inout ArraySlice<Unicode.Scalar>, while fits: (Unicode.Scalar) -> Bool
        ) -> String {
            let word = rest.prefix(while: fits)
            rest = rest[word.endIndex...]
            return String(String.UnicodeScalarView(word))
        }

        private static func unescaped(_ text: String) -> String {
            guard text.contains("&") else { return text }
            var clean = ""
            var rest = text[...]
            while let mark = rest.firstIndex(of: "&") {
                clean += rest[..<mark]
                rest = rest[mark...]
                let names = ["&amp;": "&", "&quot;": "\"", "&#39;": "'", "&#x27;": "'", "&lt;": "<", "&gt;": ">"]
                if let (name, value) = names.first(where: { rest.hasPrefix($0.key) }) {
                    clean += value
                    rest = rest.dropFirst(name.count)
                } else {
                    clean += "&"
                    rest = rest.dropFirst()
                }
            }
            return clean + rest
        }
    }
}
