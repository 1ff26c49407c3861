import Faregate

// Run from the repository's root: `swift run --package-path examples/library library-example flows`.
let paths = CommandLine.arguments.count > 1 ? Array(CommandLine.arguments.dropFirst()) : ["flows"]
let library = try FlowLibrary(paths: paths)
let report = await library.test()
print(report.text(for: library))
