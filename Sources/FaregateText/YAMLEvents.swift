// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import CLibYAML

/// What the parser says, copied out of its memory: no pointer leaves this file.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case alias(String)
        case scalar(text: String, style: YAMLScalar.Style)
        case sequenceStart(isFlow: Bool)
        case mappingStart(isFlow: Bool)
        case collectionEnd
    }

    var kind: Kind
    var anchor: String?
    var hasTag: Bool
    /// Offsets in the source's scalars: the parser counts as `SourceText` does.
    var range: Range<Int>
    /// The same as lines and columns.
    var span: Span
}

/// The parser's own complaint.
struct YAMLProblem {
    var problem: String
    var offset: Int
    var context: String
    var contextOffset: Int
}

enum YAMLEvents {
    /// Hands over each event until the text ends, `take` answers false or the parser gives up.
    static func parse(_ bytes: [UInt8], take: (YAMLEvent) -> Bool) -> YAMLProblem? {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { return outOfMemory }
        defer { yaml_parser_delete(parser) }
        // The parser keeps the address of its input: it must not be used outside of this closure.
        return bytes.withUnsafeBufferPointer { input in
            // An empty array may have no address, and the parser insists on one.
            var nothing: UInt8 = 0
            return withUnsafePointer(to: &nothing) { empty in
                yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
                yaml_parser_set_input_string(parser, input.baseAddress ?? empty, input.count)
                return run(parser, take)
            }
        }
    }

    private static let outOfMemory = YAMLProblem(problem: "no memory", offset: 0, context: "", contextOffset: 0)

    private static func run(_ parser: UnsafeMutablePointer<yaml_parser_t>, _ take: (YAMLEvent) -> Bool) -> YAMLProblem?
    {
        let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
        defer { event.deallocate() }
        while true {
            guard yaml_parser_parse(parser, event) == 1 else { return problem(of: parser.pointee) }
            defer { yaml_event_delete(event) }
            let type = event.pointee.type
            if type == YAML_STREAM_END_EVENT || type == YAML_NO_EVENT { return nil }
            if let copy = copy(of: event), !take(copy) { return nil }
        }
    }

    private static func problem(of parser: yaml_parser_t) -> YAMLProblem {
        guard parser.error != YAML_MEMORY_ERROR else { return outOfMemory }
        return YAMLProblem(
            problem: parser.problem.map { String(cString: $0) } ?? "",
            offset: Int(parser.problem_mark.index),
            context: parser.context.map { String(cString: $0) } ?? "",
            contextOffset: Int(parser.context_mark.index))
    }

    private static func copy(of event: UnsafePointer<yaml_event_t>) -> YAMLEvent? {
        let start = Int(event.pointee.start_mark.index)
        let range = start..<max(start, Int(event.pointee.end_mark.index))
        func make(_ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil, tag: Bool = false) -> YAMLEvent {
            YAMLEvent(
                kind: kind, anchor: anchor.map { String(cString: $0) }, hasTag: tag, range: range,
                span: Span(start: point(event.pointee.start_mark), end: point(event.pointee.end_mark)))
        }
        switch event.pointee.type {
        case YAML_DOCUMENT_START_EVENT:
            return make(.documentStart)
        case YAML_ALIAS_EVENT:
            return make(.alias(String(cString: event.pointee.data.alias.anchor)))
        case YAML_SCALAR_EVENT:
            let scalar = event.pointee.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length)), as: UTF8.self)
            return make(.scalar(text: text, style: style(scalar.style)), anchor: scalar.anchor, tag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.pointee.data.sequence_start
            return make(
                .sequenceStart(isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE), anchor: start.anchor,
                tag: start.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let start = event.pointee.data.mapping_start
            return make(
                .mappingStart(isFlow: start.style == YAML_FLOW_MAPPING_STYLE), anchor: start.anchor,
                tag: start.tag != nil)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return make(.collectionEnd)
        default:
            return nil
        }
    }

    private static func point(_ mark: yaml_mark_t) -> Span.Point {
        Span.Point(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}
