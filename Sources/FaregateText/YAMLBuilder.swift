// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Makes the tree of one document out of the parser's events.
struct YAMLBuilder {
    /// A collection that is still being read.
    struct Frame {
        var isMapping: Bool
        var isFlow: Bool
        var start: Int
        var end: Int
        var anchor: String?
        var items: [YAMLNode] = []
        /// Keys and values in turn, until the mapping ends.
        var entries: [YAMLEntry] = []
        var key: YAMLNode?
        /// A bit for each key's length and ends: where it is free, the key is a new one.
        var marks: UInt64 = 0
        /// Something in it may be other than it looks: most collections need no second look.
        var isOdd = false
        var isKeyNext: Bool { isMapping && key == nil }
        var size = 1
        var height = 1

        mutating func add(_ node: YAMLNode, size: Int, height: Int, end: Int) {
            self.size += size
            self.height = max(self.height, height + 1)
            self.end = max(self.end, end)
            if !isMapping {
                if items.isEmpty { items.reserveCapacity(4) }
                items.append(node)
                if case .mapping = node.kind { isOdd = true }
            } else if let key = key.take() {
                if entries.isEmpty { entries.reserveCapacity(4) }
                entries.append(YAMLEntry(key: key, value: node))
            } else {
                if case .scalar = node.kind {} else { isOdd = true }
                key = node
            }
        }

        var kind: YAMLNode.Kind { isMapping ? .mapping(entries) : .sequence(items) }

        /// A key, or a value that is only a text; `opens` where a bracket or quote in it may close behind it.
        mutating func look(at text: String, opens: @autoclosure () -> Bool) {
            if isKeyNext {
                if isOdd { return }
                let bytes = text.utf8
                let ends = Int(bytes.first ?? 0) &* 7 ^ Int(bytes.last ?? 0) &* 5
                let mark: UInt64 = 1 << UInt64((bytes.count ^ ends) & 63)
                // Many keys are not compared each with each.
                isOdd =
                    opens() || text.isEmpty || text == "<<" || entries.count >= 24
                    || marks & mark != 0 && entries.contains { $0.key.text == text }
                marks |= mark
            } else if isFlow, opens() || text.isEmpty {
                isOdd = true
            }
        }
    }

    /// What `&name` stands for.
    enum Anchored {
        /// Its block is still being read: an alias in there would be a circle.
        case open(at: Range<Int>)
        case done(YAMLNode, size: Int, height: Int, at: Range<Int>)

        var place: Range<Int> {
            switch self {
            case .open(let place), .done(_, _, _, let place): place
            }
        }
    }

    let source: SourceText
    let limits: YAMLLimits
    var findings: [Finding] = []
    private(set) var root: YAMLNode?
    /// A limit was met; the tree is not whole.
    private(set) var isStopped = false

    private var frames: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var documents = 0
    private var nodes = 0
    private var aliases = 0

    init(source: SourceText, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
    }

    /// False when there is no sense in going on.
    mutating func take(_ event: YAMLEvent) -> Bool {
        switch event.kind {
        case .documentStart:
            documents += 1
            if documents > 1 { severalDocuments(event.range) }
        case .alias(let name):
            alias(name, at: event.range)
        case .scalar(let text, let style):
            scalar(text, style, event)
        case .sequenceStart(let isFlow):
            open(Frame(isMapping: false, isFlow: isFlow, start: 0, end: 0), event)
        case .mappingStart(let isFlow):
            open(Frame(isMapping: true, isFlow: isFlow, start: 0, end: 0), event)
        case .collectionEnd:
            close(at: event.range.upperBound)
        }
        // A file of nothing but mistakes: nobody reads the thousandth.
        if findings.count > 1_000 { isStopped = true }
        return !isStopped
    }

    private mutating func stop(_ finding: Finding) {
        findings.append(finding)
        isStopped = true
    }

    private mutating func severalDocuments(_ range: Range<Int>) {
        stop(
            ReadingCode.severalDocuments.finding(
                in: source, at: range, "a second document begins here", help: "one file has one document: split it"))
    }

    // MARK: Scalars

    private mutating func scalar(_ text: String, _ style: YAMLScalar.Style, _ event: YAMLEvent) {
        guard text.utf8.count <= limits.scalarLength else {
            return stop(
                ReadingCode.scalarTooLong.finding(
                    in: source, at: event.range.lowerBound..<event.range.lowerBound + 1,
                    "a text of \(text.utf8.count) bytes, more than the \(limits.scalarLength) that are read"))
        }
        var range = contentStart(event)..<event.range.upperBound
        let top = frames.count - 1
        let isKey = top >= 0 && frames[top].isKeyNext
        let isEmpty = style == .plain && text.isEmpty
        if style == .literal || style == .folded {
            range = range.lowerBound..<source.trimmedEnd(range.upperBound, from: range.lowerBound + 1)
        }
        var text = text
        if event.hasTag {
            let tag = tagRange(event)
            let whole = reportTag(tag, scalar: range, isFlow: frames.last?.isFlow ?? false)
            if let whole {
                range = whole
                text = source.text(whole)
            }
        }
        let core = style == .plain ? resolve(text, at: range, isKey: isKey) : .string(text)
        if style == .plain, !isKey, !isEmpty {
            checkComment(after: range)
            if event.span.start.line != event.span.end.line { checkContinuation(of: range) }
        }
        let node = YAMLNode(
            kind: .scalar(YAMLScalar(text: text, style: style, core: core)),
            span: span(of: range, event), isEmptyValue: isEmpty)
        if top >= 0 { frames[top].look(at: text, opens: style == .plain && text.mayOpen) }
        count(1, at: range)
        if let anchor = event.anchor { bind(anchor, .done(node, size: 1, height: 0, at: event.range)) }
        add(node, size: 1, height: 0, end: range.upperBound)
    }

    /// As the parser tells it, which costs nothing; at the end of the text it counts a line more.
    private func span(of range: Range<Int>, _ event: YAMLEvent) -> Span {
        range == event.range && range.upperBound < source.scalars.count ? event.span : source.span(of: range)
    }

    private mutating func resolve(_ text: String, at range: Range<Int>, isKey: Bool) -> YAMLCore {
        do {
            return try YAMLCore.resolve(plain: text)
        } catch {
            // A key is only its text.
            if isKey { return .string(text) }
            let message =
                error == .intTooLarge ? "this integer does not fit into 64 bits" : "this number is too large"
            findings.append(
                ReadingCode.numberTooLarge.finding(
                    in: source, at: range, message,
                    help: "quote it if it is a text" + RawText.pasted(quoting: [range], in: source)))
            return .string(text)
        }
    }

    // MARK: Aliases

    private mutating func alias(_ name: String, at range: Range<Int>) {
        aliases += 1
        guard aliases <= limits.aliases else {
            return stop(
                ReadingCode.tooManyNodes.finding(
                    in: source, at: range, "more than \(limits.aliases) aliases", help: "write fewer of them"))
        }
        switch anchors[name] {
        case .done(var node, let size, let height, _):
            count(size, at: range)
            if frames.count + height > limits.depth { return tooDeep(at: range) }
            if isStopped { return }
            node.alias = source.span(of: range)
            if !frames.isEmpty { frames[frames.count - 1].isOdd = true }
            add(node, size: size, height: height, end: range.upperBound)
        case .open(let place):
            findings.append(
                ReadingCode.cyclicAlias.finding(
                    in: source, at: range, "'*\(name)' stands inside the block that it repeats",
                    related: [mark(place, "the block '\(name)' begins here")]))
            addNothing(at: range)
        case nil:
            let known = Spelling.closest(to: name, among: anchors.keys.sorted())
            findings.append(
                ReadingCode.unknownAlias.finding(
                    in: source, at: range, "there is no anchor '&\(name)' above this alias",
                    help: known.map { "write *\($0)" } ?? "quote a text that begins with *"))
            addNothing(at: range)
        }
    }

    private mutating func addNothing(at range: Range<Int>) {
        if !frames.isEmpty { frames[frames.count - 1].isOdd = true }
        let scalar = YAMLScalar(text: "", style: .plain, core: .null)
        add(YAMLNode(kind: .scalar(scalar), span: source.span(of: range)), size: 1, height: 0, end: range.upperBound)
    }

    private mutating func bind(_ name: String, _ value: Anchored) {
        if let old = anchors[name], old.place.lowerBound != value.place.lowerBound {
            findings.append(
                ReadingCode.anchorTwice.finding(
                    in: source, at: anchorRange(value.place.lowerBound), "a second anchor '&\(name)'",
                    related: [mark(anchorRange(old.place.lowerBound), "the first one")],
                    help: "give one of them another name"))
        }
        anchors[name] = value
    }

    func mark(_ range: Range<Int>, _ label: String) -> Finding.Mark {
        Finding.Mark(in: source.path, at: source.span(of: range), label: label)
    }

    // MARK: Collections

    private mutating func open(_ frame: Frame, _ event: YAMLEvent) {
        var frame = frame
        frame.start = contentStart(event)
        frame.end = frame.start
        frame.anchor = event.anchor
        if frames.count >= limits.depth { return tooDeep(at: event.range) }
        if event.hasTag { _ = reportTag(tagRange(event), scalar: nil, isFlow: true) }
        if let anchor = event.anchor { bind(anchor, .open(at: event.range)) }
        count(1, at: event.range)
        frames.append(frame)
    }

    private mutating func close(at end: Int) {
        let top = frames.count - 1
        guard top >= 0 else { return }
        let (size, height) = (frames[top].size, frames[top].height)
        let end = frames[top].isFlow ? end : frames[top].end
        let span = source.span(of: frames[top].start..<max(frames[top].start, end))
        let node = YAMLNode(kind: frames[top].isOdd ? secondLook(frames[top]) : frames[top].kind, span: span)
        if let anchor = frames[top].anchor, case .open(let place) = anchors[anchor] {
            anchors[anchor] = .done(node, size: size, height: height, at: place)
        }
        frames.removeLast()
        add(node, size: size, height: height, end: end)
    }

    private mutating func secondLook(_ frame: Frame) -> YAMLNode.Kind {
        frame.isMapping ? mapping(frame) : .sequence(frame.isFlow ? flowItems(frame.items) : frame.items)
    }

    private mutating func add(_ node: YAMLNode, size: Int, height: Int, end: Int) {
        guard !frames.isEmpty else {
            root = node
            return
        }
        frames[frames.count - 1].add(node, size: size, height: height, end: end)
    }

    private mutating func count(_ size: Int, at range: Range<Int>) {
        nodes += size
        guard nodes > limits.nodes, !isStopped else { return }
        stop(
            ReadingCode.tooManyNodes.finding(
                in: source, at: range, "more than \(limits.nodes) values, with all aliases written out",
                help: "split the file, or repeat less by aliases"))
    }

    private mutating func tooDeep(at range: Range<Int>) {
        stop(
            ReadingCode.tooDeep.finding(
                in: source, at: range.lowerBound..<range.lowerBound + 1,
                "values are nested deeper than \(limits.depth) levels"))
    }
}
