// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "library-example",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "faregate", path: "../..")],
    targets: [
        .executableTarget(
            name: "library-example", dependencies: [.product(name: "Faregate", package: "faregate")],
            swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])
    ],
    swiftLanguageModes: [.v6]
)
