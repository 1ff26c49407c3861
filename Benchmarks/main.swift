// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import CLibYAML
import Faregate
import FaregateCEL
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues

/// Nanoseconds of one call, the median of several rounds.
func nanoseconds(_ calls: Int, rounds: Int = 5, _ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    let times = (0..<rounds).map { _ in
        let time = clock.measure { for _ in 0..<calls { work() } }
        let parts = time.components
        return (Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9) / Double(calls)
    }
    return times.sorted()[rounds / 2]
}

/// The guard of a payment flow, compiled once.
func guardTime() -> Double {
    let text = "payment_intent.amount > 5000 && payment_method.type in ['card','sepa_debit'] && !off_session"
    guard case .success(let program) = Program.parse(text) else { fatalError("the guard is wrong") }
    let intent: Value = ["amount": 7500]
    let method: Value = ["type": "card"]
    let lookup: (String) -> Value? = { name in
        switch name {
        case "payment_intent": intent
        case "payment_method": method
        case "off_session": false
        default: nil
        }
    }
    precondition(program.evaluate(lookup) == .success(true))
    return nanoseconds(200_000) { _ = program.evaluate(lookup) }
}

/// libyaml's own events of a text, and nothing made of them.
func bareEvents(_ bytes: [UInt8]) -> Int {
    var parser = yaml_parser_t()
    yaml_parser_initialize(&parser)
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer in
        yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
        var count = 0
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else { return count }
            count += 1
            let isEnd = event.type == YAML_STREAM_END_EVENT
            yaml_event_delete(&event)
            if isEnd { return count }
        }
    }
}

/// Copies of the shipped flows, each with a name of its own.
func manyFlows(_ count: Int, from folder: String) throws -> [SourceText] {
    let originals = try FlowLibrary(paths: [folder]).sources.filter { !$0.path.contains("deposit") }
    return (0..<count).map { number in
        let text = String(decoding: originals[number % originals.count].contents, as: UTF8.self)
        let renamed = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("flow:") ? "flow: copy-\(number)" : String($0) }.joined(separator: "\n")
        return SourceText(path: "copy-\(number).yaml", text: renamed)
    }
}

func report(_ folder: String) async throws {
    let sources = try manyFlows(1000, from: folder)
    let texts = sources.map(\.contents)
    let bytes = texts.map(\.count).reduce(0, +)
    // In turn and the best of many rounds each: other programs on the machine must not decide.
    var (bare, read) = (Double.infinity, Double.infinity)
    for _ in 0..<15 {
        bare = min(bare, nanoseconds(1, rounds: 1) { for text in texts { _ = bareEvents(text) } })
        read = min(
            read,
            nanoseconds(1, rounds: 1) {
                for (source, text) in zip(sources, texts) {
                    _ = YAMLReader.read(SourceText(path: source.path, bytes: text))
                }
            })
    }
    func rate(_ time: Double) -> Double { Double(bytes) * 1000 / time }
    print("reading 1,000 flow files of \(bytes / 1000) bytes on average")
    print("  libyaml's bare events  \(Int(rate(bare))) MB/s")
    print("  the tree with places   \(Int(rate(read))) MB/s, ratio \(Double(Int(bare / read * 100)) / 100)")

    let catalog = StripePack.standard.catalog
    let decode = nanoseconds(1, rounds: 3) {
        for source in sources { _ = FlowDecoder.decode(source, catalog: catalog) }
    }
    let flows = sources.compactMap { FlowDecoder.decode($0, catalog: catalog).flow }
    let checker = FlowChecker(flows: FlowSet(flows), catalog: catalog)
    let check = nanoseconds(1, rounds: 3) { for number in flows.indices { _ = checker.check(number) } }
    print("one flow of those, on average")
    print("  read and decoded       \(Int(decode / Double(flows.count) / 1000)) µs")
    print("  checked                \(Int(check / Double(flows.count) / 1000)) µs")
    for number in flows.indices.prefix(10) {
        var report = checker.check(number)
        let time = nanoseconds(1) { report = checker.check(number) }
        print(
            "    \(flows[number].states.count) states, \(report.configurations) configurations: \(Int(time / 1000)) µs")
    }

    let library = try FlowLibrary(paths: [folder])
    var scenarios = 0
    let time = await ContinuousClock().measure {
        for _ in 0..<10 { scenarios += await library.test(jobs: 1).outcomes.count }
    }
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    print("scenarios on the mock, one processor")
    print("  \(Int(Double(scenarios) / seconds)) a second")
}

if CommandLine.arguments.contains("--guard") {
    print(guardTime())
} else {
    try await report(CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "flows")
}
