// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateStripe
import FaregateText
import FaregateValues
import Testing

@testable import FaregateSpec

@Suite struct FileSchemaTests {
    private func keys(_ schema: FileSchema, _ path: String = "") -> Set<String> {
        let value = path.isEmpty ? schema.value : schema.value[path: path]
        return Set(value?["properties"]?.map?.names ?? [])
    }

    @Test func flowsHaveTheKeysThatTheReaderKnows() {
        #expect(keys(.flow) == Set(FlowDecoder.keys))
        #expect(keys(.flow, "definitions.state") == Set(FlowDecoder.stateKeys))
        #expect(keys(.flow, "definitions.scenario") == Set(FlowDecoder.scenarioKeys))
        #expect(keys(.flow, "definitions.options") == Set(FlowDecoder.optionKeys))
        #expect(keys(.flow, "definitions.input") == Set(FlowDecoder.inputKeys))
        #expect(keys(.flow, "definitions.object") == Set(FlowDecoder.objectKeys))
        #expect(keys(.flow, "definitions.branch") == Set(FlowDecoder.branchKeys))
        let assertion = FileSchema.flow.value[path: "definitions.assertion"]?["anyOf"]?.list?.last
        #expect(Set(assertion?["properties"]?.map?.names ?? []) == Set(FlowDecoder.assertionKeys))
        let profiles = FileSchema.flow.value[path: "definitions.scenario.properties.profile.enum"]
        #expect(profiles?.list?.compactMap(\.string) == FlowDecoder.profiles)
    }

    @Test func statesHaveTheKeysOfTheirVerb() {
        let rules = FileSchema.flow.value[path: "definitions.state.allOf"]?.list ?? []
        #expect(rules.count == FlowDecoder.verbs.count)
        for rule in rules {
            let verb = rule[path: "if.required"]?.list?.first?.string ?? ""
            let names = rule[path: "then.propertyNames.enum"]?.list?.compactMap(\.string) ?? []
            #expect(Set(names) == Set((FlowDecoder.keysOfVerb[verb] ?? []) + ["title", verb]))
        }
    }

    @Test func lifecyclesHaveTheKeysThatTheReaderKnows() {
        #expect(keys(.lifecycle) == Set(LifecycleDecoder.keys))
        #expect(keys(.lifecycle, "definitions.transition") == Set(LifecycleDecoder.rowKeys))
        #expect(keys(.lifecycle, "definitions.status") == Set(LifecycleDecoder.statusKeys))
        #expect(keys(.lifecycle, "definitions.reference") == Set(LifecycleDecoder.referenceKeys))
        let effect = FileSchema.lifecycle.value[path: "definitions.effect"]?["anyOf"]?.list?.last
        #expect(Set(effect?["properties"]?.map?.names ?? []) == Set(LifecycleDecoder.effectKeys))
    }

    @Test func policiesHaveTheKeysThatTheReaderKnows() {
        #expect(keys(.policy) == Set(PolicyDecoder.keys))
        #expect(keys(.policy, "definitions.rule") == Set(PolicyDecoder.formKeys + PolicyDecoder.modifierKeys))
        #expect(keys(.policy, "definitions.pattern") == Set(PolicyDecoder.patternKeys + ["when"]))
    }

    @Test func everyKeyIsDescribed() {
        func undescribed(_ schema: Value, _ path: String) -> [String] {
            var found: [String] = []
            for (key, member) in schema["properties"]?.map ?? [:] {
                let name = "\(path).\(key.string ?? "")"
                let isNamed = member["$ref"] != nil || member["description"] != nil
                if !isNamed { found.append(name) }
                found += undescribed(member, name)
            }
            return found
        }
        for schema in FileSchema.allCases {
            #expect(undescribed(schema.value, "").filter { $0 != ".rules" } == [])
            for (name, definition) in schema.value["definitions"]?.map ?? [:] {
                #expect(undescribed(definition, name.string ?? "") == [])
            }
        }
    }

    private func problems(_ schema: FileSchema, _ source: SourceText) -> [String] {
        guard let root = YAMLReader.read(source).root else { return ["cannot be read"] }
        return SchemaValidator(root: schema.value).problems(root.data).map { "\(source.path)\($0)" }
    }

    @Test func allFlowsOfThePackageFit() throws {
        let files = try #require(Package.yaml(in: "flows"))
        #expect(!files.isEmpty)
        for file in files { #expect(problems(.flow, SourceText(path: file.path, text: file.text)) == []) }
    }

    @Test func allLifecyclesOfThePackFit() {
        for source in StripePack.lifecycleSources { #expect(problems(.lifecycle, source) == []) }
    }

    @Test(.enabled(if: Package.samples != nil, "the samples are not here"))
    func theSamplesFit() throws {
        for file in try #require(Package.samples) where !file.path.contains(".lifecycle.") {
            let schema = file.path.contains(".policy.") ? FileSchema.policy : .flow
            #expect(problems(schema, SourceText(path: file.path, text: file.text)) == [])
        }
    }

    @Test func mistakesDoNotFit() {
        func wrong(_ part: String) -> Bool {
            !problems(.flow, SourceText(path: "", text: Example(part).text)).isEmpty
        }
        #expect(wrong("titel: x\n"))
        #expect(wrong("states: {pay: {wait: 1h, emit: x, target: pay}}\n"))
        #expect(wrong("states: {pay: {wait: 1h, target: pay, catch: {x: pay}}}\n"))
        #expect(wrong("inputs: {amount: {type: integer}}\n"))
        #expect(wrong("scenarios: {paid: {visits: {pay: often}, final: done}}\n"))
        #expect(!wrong("title: x\n"))
    }

    @Test(arguments: FileSchema.allCases) func theFilesAreCurrent(_ schema: FileSchema) {
        #expect(
            Package.text("schemas/\(schema.fileName)") == schema.text, "run 'make docs': \(schema.fileName) is stale")
    }
}
