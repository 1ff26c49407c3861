// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A line of a source as cells of a terminal, and the part of it that fits.
struct TerminalLine {
    struct Cell {
        var text: String
        var width: Int
        /// The column of the cell's first scalar in the source, from 1.
        var column: Int
    }

    private(set) var cells: [Cell] = []
    /// Columns of the terminal so far.
    private var used = 0
    /// The column after the last scalar.
    private let endColumn: Int

    private static let tabStop = 4

    /// More is cut off on the right or left than the cells tell.
    private let isCutLeft: Bool
    private let isCutRight: Bool

    /// A mark's surroundings are enough: a line may be as long as a file.
    private static let reach = 1_000
    private static let longestCell = 16

    /// - Parameter column: of the mark to show, from 1.
    init(_ number: Int, of source: SourceText, near column: Int) {
        let whole = source.lineRange(number)
        let mark = whole.lowerBound + column - 1
        let part = whole.clamped(to: max(0, mark - Self.reach)..<max(0, mark) + Self.reach)
        isCutLeft = part.lowerBound > whole.lowerBound
        isCutRight = part.upperBound < whole.upperBound
        endColumn = part.upperBound - whole.lowerBound + 1
        var at = part.lowerBound
        for place in source.veiled where place.overlaps(part) {
            let place = place.clamped(to: part)
            add(source.text(at..<place.lowerBound), from: at - whole.lowerBound + 1)
            // One cell, however much it stands for.
            add(source.veil, TerminalText.width(of: source.veil), from: place.lowerBound - whole.lowerBound + 1)
            at = place.upperBound
        }
        add(source.text(at..<part.upperBound), from: at - whole.lowerBound + 1)
    }

    private mutating func add(_ text: String, _ width: Int, from column: Int) {
        cells.append(Cell(text: text, width: width, column: column))
        used += width
    }

    private mutating func add(_ line: String, from column: Int) {
        var column = column
        for character in line {
            if character == "\t" {
                let width = Self.tabStop - used % Self.tabStop
                add(String(repeating: " ", count: width), width, from: column)
            } else {
                // A letter may carry any number of accents.
                var scalars = String.UnicodeScalarView()
                scalars.append(contentsOf: character.unicodeScalars.prefix(Self.longestCell))
                let text = TerminalText.safe(String(scalars))
                add(text, TerminalText.width(of: text), from: column)
            }
            column += character.unicodeScalars.count
        }
    }

    /// The line, or a window of it, with the place of a mark in it.
    struct Window {
        var text: String
        /// Columns of the terminal before the mark.
        var indent: Int
        /// At least one.
        var markWidth: Int
    }

    /// - Parameter columns: of the source, from 1, the end not included.
    func window(around columns: Range<Int>, width: Int) -> Window {
        let first =
            cells.lastIndex { $0.column <= columns.lowerBound }.map {
                columns.lowerBound >= endColumn ? cells.count : $0
            } ?? 0
        let last = max(cells.firstIndex { $0.column >= columns.upperBound } ?? cells.count, first)
        let shown = visible(from: first, to: last, width: width)
        var text = cells[shown].map(\.text).joined()
        var indent = measure(shown.lowerBound..<max(first, shown.lowerBound))
        if shown.lowerBound > 0 || isCutLeft {
            text = "…" + text
            indent += 1
        }
        if shown.upperBound < cells.count || isCutRight { text += "…" }
        while text.last == " " { text.removeLast() }
        return Window(text: text, indent: indent, markWidth: max(1, measure(first..<min(last, shown.upperBound))))
    }

    private func measure(_ range: Range<Int>) -> Int {
        cells[range.clamped(to: 0..<cells.count)].reduce(0) { $0 + $1.width }
    }

    /// The cells to show: a third of the width goes to what stands before the mark, more if little comes after it.
    private func visible(from first: Int, to last: Int, width: Int) -> Range<Int> {
        if !isCutLeft, !isCutRight, measure(0..<cells.count) <= width { return 0..<cells.count }
        // Two columns for the signs that something is left out.
        let room = max(1, width - 2)
        var start = first
        var used = measure(first..<min(last, cells.count))
        var before = 0
        while start > 0, before + cells[start - 1].width <= max(room / 3, room - used - 8) {
            start -= 1
            before += cells[start].width
        }
        used = before
        var end = start + (first - start)
        while end < cells.count, used + cells[end].width <= room {
            used += cells[end].width
            end += 1
        }
        while start > 0, used + cells[start - 1].width <= room {
            start -= 1
            used += cells[start].width
        }
        return start..<end
    }
}
