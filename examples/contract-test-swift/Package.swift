// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "contract-test-swift",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "faregate", path: "../..")],
    targets: [
        .testTarget(
            name: "ContractTests", dependencies: [.product(name: "FaregateTesting", package: "faregate")])
    ],
    swiftLanguageModes: [.v6]
)
