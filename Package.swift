// swift-tools-version: 6.1
// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// `FAREGATE_FUZZ=1` adds the programs in `Fuzz/` and makes all modules count what was run, for them.
let isFuzzing = Context.environment["FAREGATE_FUZZ"] == "1"
let counting: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])] : []

/// A library target of the package's own, with the settings that all of them share.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], plugins: [Target.PluginUsage] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + counting, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")

let package = Package(
    name: "faregate",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Faregate", targets: ["Faregate"]),
        .library(name: "FaregateTesting", targets: ["FaregateTesting"]),
        .executable(name: "faregate", targets: ["FaregateCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),

        // The core: no Foundation, no effects.
        module("FaregateText", ["CLibYAML"]),
        module("FaregateValues", [orderedCollections]),
        module("FaregateCEL", ["FaregateText", "FaregateValues"]),
        module("FaregateSpec", ["FaregateText", "FaregateValues", "FaregateCEL"]),
        module("FaregateWire", ["FaregateValues"]),
        module("FaregateEngine", ["FaregateSpec", "FaregateWire", "FaregateValues", "FaregateCEL", "FaregateText"]),
        module("FaregateSimulator", ["FaregateSpec", "FaregateWire", "FaregateValues", "FaregateCEL"]),
        module(
            "FaregateStripe", ["FaregateSpec", "FaregateSimulator", "FaregateText", "FaregateValues", "FaregateWire"],
            plugins: ["EmbedText"]),
        module(
            "FaregateVerify",
            [
                "FaregateEngine", "FaregateSimulator", "FaregateSpec", "FaregateText", "FaregateValues", "FaregateWire",
                "FaregateCEL",
            ]),
        module(
            "FaregateRender",
            [
                "FaregateSpec", "FaregateEngine", "FaregateText", "FaregateValues", "FaregateVerify", "FaregateCEL",
                "FaregateSimulator", "FaregateWire",
            ],
            plugins: ["EmbedText"]),

        // The rim.
        module(
            "Faregate",
            [
                "FaregateText", "FaregateValues", "FaregateCEL", "FaregateSpec", "FaregateEngine", "FaregateSimulator",
                "FaregateStripe", "FaregateVerify", "FaregateRender", "FaregateWire",
            ]),
        module("FaregateTesting", ["Faregate"]),
        module(
            "FaregateHTTP",
            [
                "FaregateEngine", "FaregateSimulator", "FaregateSpec", "FaregateStripe", "FaregateText",
                "FaregateValues",
                "FaregateVerify", "FaregateWire", nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], plugins: ["EmbedText"]),
        .executableTarget(
            name: "FaregateCommand",
            dependencies: [
                "Faregate", "FaregateEngine", "FaregateHTTP", "FaregateValues", "FaregateWire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // Text files of a target, as string literals of the program.
        .executableTarget(
            name: "embed-text", dependencies: ["FaregateText"] + (isFuzzing ? ["Uncounted"] : []),
            swiftSettings: settings),
        .plugin(name: "EmbedText", capability: .buildTool(), dependencies: ["embed-text"]),

        tests("FaregateTextTests", ["FaregateText"]),
        tests("FaregateValuesTests", ["FaregateValues"]),
        tests("FaregateWireTests", ["FaregateWire", "FaregateValues"]),
        tests("FaregateCELTests", ["FaregateCEL", "FaregateText", "FaregateValues"]),
        tests(
            "FaregateSpecTests", ["FaregateSpec", "FaregateText", "FaregateValues", "FaregateCEL", "FaregateStripe"]),
        tests(
            "FaregateStripeTests",
            [
                "Faregate", "FaregateStripe", "FaregateSimulator", "FaregateSpec", "FaregateVerify", "FaregateEngine",
                "FaregateText", "FaregateValues", "FaregateWire",
            ]),
        tests(
            "FaregateVerifyTests",
            [
                "Faregate", "FaregateVerify", "FaregateEngine", "FaregateSimulator", "FaregateSpec", "FaregateStripe",
                "FaregateText", "FaregateValues", "FaregateWire", "FaregateRender",
            ]),
        tests(
            "FaregateTests",
            [
                "Faregate", "FaregateCEL", "FaregateEngine", "FaregateRender", "FaregateSpec", "FaregateStripe",
                "FaregateText", "FaregateValues", "FaregateVerify", "FaregateWire",
            ], exclude: ["Fixtures"]),
        tests(
            "FaregateHTTPTests",
            [
                "FaregateHTTP", "Faregate", "FaregateEngine", "FaregateSimulator", "FaregateSpec", "FaregateStripe",
                "FaregateText",
                "HostilePeers",
                "FaregateValues", "FaregateVerify", "FaregateWire", nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests("FaregateTestingTests", ["FaregateTesting"]),
        // Peers that misbehave, for the tests of all that talks to peers.
        .target(
            name: "HostilePeers",
            dependencies: [nio("NIOCore"), nio("NIOPosix"), .product(name: "NIOSSL", package: "swift-nio-ssl")],
            path: "Tests/HostilePeers", swiftSettings: settings),
        tests("FaregateCommandTests", ["FaregateCommand", "HostilePeers"]),
    ],
    swiftLanguageModes: [.v6]
)

// The benchmarks look inside the modules, so they belong to the package; they are built on demand only.
if Context.environment["FAREGATE_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "faregate-benchmarks",
            dependencies: [
                "CLibYAML", "Faregate", "FaregateCEL", "FaregateSpec", "FaregateStripe", "FaregateText",
                "FaregateValues",
            ],
            path: "Benchmarks", exclude: ["Makefile", "compare_cel.py"], sources: ["main.swift"],
            swiftSettings: settings))
}

// Fuzzers look inside too.
if isFuzzing {
    package.targets.append(.target(name: "FuzzDriver", path: "Fuzz/FuzzDriver"))
    package.targets.append(.target(name: "Uncounted", path: "Fuzz/Uncounted"))
    for (name, dependencies) in [
        ("FuzzYAML", ["FaregateText"]), ("FuzzFlow", ["FaregateText", "FaregateSpec", "FaregateStripe"]),
        ("FuzzCEL", ["FaregateCEL", "FaregateValues"]),
    ] {
        package.targets.append(
            .executableTarget(
                name: name, dependencies: (dependencies + ["FuzzDriver"]).map { .target(name: $0) },
                path: "Fuzz/\(name)", linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
    }
}
