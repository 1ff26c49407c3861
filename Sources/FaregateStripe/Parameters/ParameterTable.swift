// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues

/// The parameters of every route: what the API takes, and which of it the mock understands.
struct ParameterTable: Sendable {
    private(set) var routes: [String: [String: ParameterType.Field]] = [:]
    /// Groups of which a request may give one.
    private let exclusive: [String: [[String]]]

    /// - Parameters:
    ///   - published: `parameters.yaml`.
    ///   - own: `routes.yaml`: what is added to it, and what the mock understands.
    init(published: Value, own: Value) {
        var shapes = (published["shapes"]?.map ?? [:]).merging(own["shapes"]?.map ?? [:])
        for (name, more) in own["widened"]?.map ?? [:] {
            shapes[value: name] = .map((shapes[value: name]?.map ?? [:]).merging(more.map ?? [:]))
        }
        var reader = ParameterTypeReader(shapes: shapes)
        for (name, members) in published["routes"]?.map ?? [:] {
            routes[name.string ?? ""] = reader.fields(members.map ?? [:])
        }
        for (name, members) in own["unpublished"]?.map ?? [:] {
            routes[name.string ?? "", default: [:]].merge(reader.fields(members.map ?? [:])) { $1 }
        }
        for (name, understood) in own["understood"]?.map ?? [:] {
            let paths = (understood.string ?? "").split { $0 == " " || $0 == "\n" }
            let fields = routes[name.string ?? ""] ?? [:]
            routes[name.string ?? ""] =
                paths.first?.first == "-"
                ? Self.without(paths.map { String($0.dropFirst()) }, fields)
                : Self.marked(fields, paths.map { Self.steps($0) })
        }
        exclusive = (own["exclusive"]?.map ?? [:]).reduce(into: [:]) { groups, entry in
            groups[entry.key.string ?? ""] = (entry.value.list ?? []).map { $0.list?.compactMap(\.string) ?? [] }
        }
    }

    private static func without(
        _ names: [String], _ fields: [String: ParameterType.Field]
    ) -> [String: ParameterType.Field] {
        var marked = fields
        for name in names { marked[name]?.use = .none }
        return marked
    }

    /// `payment_method_options[card][moto]` as its steps.
    private static func steps(_ path: Substring) -> [Substring] {
        path.split { $0 == "[" || $0 == "]" }
    }

    /// The same fields, those that no path names marked as not understood. `*` is every name.
    private static func marked(
        _ fields: [String: ParameterType.Field], _ paths: [[Substring]]
    ) -> [String: ParameterType.Field] {
        var marked = fields
        for (name, field) in fields {
            let own = paths.filter { $0.first.map { $0 == "*" || $0 == name } ?? false }.map { Array($0.dropFirst()) }
            if own.isEmpty {
                marked[name]!.use = .none
            } else if !own.contains([]), case .members(let inner) = field.type {
                marked[name]!.type = .members(Self.marked(inner, own))
            }
        }
        return marked
    }

    /// The parameters of a request in their types.
    func accept(_ route: String, _ params: ValueMap) throws(Refusal) -> ValueMap {
        guard let fields = routes[route] else { return params }
        do throws(ParameterFault) {
            let accepted = try ParameterReader.members(params, fields)
            if let groups = exclusive[route] { try Self.check(groups, accepted) }
            return accepted
        } catch {
            throw error.refusal
        }
    }

    private static func check(_ groups: [[String]], _ params: ValueMap) throws(ParameterFault) {
        for group in groups {
            let given = group.filter { params[$0] != nil && params[$0] != "" }
            if given.count > 1 {
                throw ParameterFault(
                    code: "parameters_exclusive", param: given[0],
                    message: "You may only specify one of these parameters: \(given.joined(separator: ", ")).")
            }
        }
    }
}
