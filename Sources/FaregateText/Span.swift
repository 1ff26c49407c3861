// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A place in a source text, the end not included.
///
/// Lines and columns start at 1; columns count Unicode scalars, as the YAML parser does.
public struct Span: Sendable, Hashable {
    /// One position between two characters.
    public struct Point: Sendable, Hashable, Comparable {
        // Trees hold two or three points for each value.
        private var storedLine: UInt32
        private var storedColumn: UInt32

        public var line: Int {
            get { Int(storedLine) }
            set { storedLine = UInt32(clamping: newValue) }
        }

        public var column: Int {
            get { Int(storedColumn) }
            set { storedColumn = UInt32(clamping: newValue) }
        }

        public init(line: Int, column: Int) {
            storedLine = UInt32(clamping: line)
            storedColumn = UInt32(clamping: column)
        }

        public static func < (a: Point, b: Point) -> Bool {
            (a.line, a.column) < (b.line, b.column)
        }
    }

    public var start: Point
    public var end: Point

    public init(start: Point, end: Point) {
        self.start = start
        self.end = end
    }

    /// The first place of a file: for what is wrong with a file as a whole.
    package static let top = Span(start: Point(line: 1, column: 1), end: Point(line: 1, column: 1))
}
