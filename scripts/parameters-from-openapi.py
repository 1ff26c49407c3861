#!/usr/bin/env python3
# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
"""Writes Sources/FaregateStripe/tables/parameters.yaml from an OpenAPI document of the API:

    scripts/parameters-from-openapi.py stripe.json > Sources/FaregateStripe/tables/parameters.yaml
"""

import json
import sys

# The routes that the mock answers, by the names that its other tables use.
ROUTES = {
    "payment_intent.create": "POST /v1/payment_intents",
    "payment_intent.retrieve": "GET /v1/payment_intents/{intent}",
    "payment_intent.update": "POST /v1/payment_intents/{intent}",
    "payment_intent.confirm": "POST /v1/payment_intents/{intent}/confirm",
    "payment_intent.capture": "POST /v1/payment_intents/{intent}/capture",
    "payment_intent.cancel": "POST /v1/payment_intents/{intent}/cancel",
    "payment_intent.increment_authorization": "POST /v1/payment_intents/{intent}/increment_authorization",
    "payment_intent.verify_microdeposits": "POST /v1/payment_intents/{intent}/verify_microdeposits",
    "payment_intent.apply_customer_balance": "POST /v1/payment_intents/{intent}/apply_customer_balance",
    "payment_intent.list": "GET /v1/payment_intents",
    "payment_intent.search": "GET /v1/payment_intents/search",
    "setup_intent.create": "POST /v1/setup_intents",
    "setup_intent.retrieve": "GET /v1/setup_intents/{intent}",
    "setup_intent.update": "POST /v1/setup_intents/{intent}",
    "setup_intent.confirm": "POST /v1/setup_intents/{intent}/confirm",
    "setup_intent.cancel": "POST /v1/setup_intents/{intent}/cancel",
    "setup_intent.verify_microdeposits": "POST /v1/setup_intents/{intent}/verify_microdeposits",
    "setup_intent.list": "GET /v1/setup_intents",
    "payment_method.create": "POST /v1/payment_methods",
    "payment_method.retrieve": "GET /v1/payment_methods/{payment_method}",
    "payment_method.update": "POST /v1/payment_methods/{payment_method}",
    "payment_method.attach": "POST /v1/payment_methods/{payment_method}/attach",
    "payment_method.detach": "POST /v1/payment_methods/{payment_method}/detach",
    "payment_method.list": "GET /v1/payment_methods",
    "customer.create": "POST /v1/customers",
    "customer.retrieve": "GET /v1/customers/{customer}",
    "customer.update": "POST /v1/customers/{customer}",
    "customer.delete": "DELETE /v1/customers/{customer}",
    "customer.list": "GET /v1/customers",
    "customer.search": "GET /v1/customers/search",
    "customer.payment_methods": "GET /v1/customers/{customer}/payment_methods",
    "charge.retrieve": "GET /v1/charges/{charge}",
    "charge.update": "POST /v1/charges/{charge}",
    "charge.list": "GET /v1/charges",
    "charge.search": "GET /v1/charges/search",
    "refund.create": "POST /v1/refunds",
    "refund.retrieve": "GET /v1/refunds/{refund}",
    "refund.update": "POST /v1/refunds/{refund}",
    "refund.cancel": "POST /v1/refunds/{refund}/cancel",
    "refund.list": "GET /v1/refunds",
    "dispute.retrieve": "GET /v1/disputes/{dispute}",
    "dispute.update": "POST /v1/disputes/{dispute}",
    "dispute.close": "POST /v1/disputes/{dispute}/close",
    "dispute.list": "GET /v1/disputes",
    "mandate.retrieve": "GET /v1/mandates/{mandate}",
    "event.retrieve": "GET /v1/events/{id}",
    "event.list": "GET /v1/events",
    "balance.retrieve": "GET /v1/balance",
}

HEAD = """\
# Part of the Faregate project. See LICENSE for the licence.
# SPDX-License-Identifier: Apache-2.0
#
# The parameters of each route that the mock answers, as the API publishes them. Written by scripts/parameters-from-openapi.py.
#
# method_type  a type of payment method. name!  must be given. name~  may be sent empty, which unsets it.
# text(500)  not longer than that. one_of(a b)  one of these words. @name  a shape of the list. A mapping: its members.
"""


class Table:
    def __init__(self, document):
        self.document = document
        self.schemas = document["components"]["schemas"]
        self.count = {}  # canonical text of a shape -> how often it is used
        self.names = {}  # canonical text -> name
        self.best = {}  # canonical text -> shortest name of a schema

    def resolve(self, schema):
        """A tree of tuples: ('leaf', text) | ('list', t) | ('map', t) | ('or', [t]) | ('members', {key: t})."""
        if "$ref" in schema:
            name = schema["$ref"].split("/")[-1]
            shape = self.resolve(self.schemas[name])
            if shape[0] == "members":
                text = json.dumps(shape)
                short = name.split("_params_")[-1]
                if text not in self.best or (len(short), short) < (len(self.best[text]), self.best[text]):
                    self.best[text] = short
            return shape
        if "anyOf" in schema:
            parts = [self.resolve(p) for p in schema["anyOf"] if p.get("enum") not in ([""], [None], ["", None])]
            return parts[0] if len(parts) == 1 else ("or", parts)
        kind = schema.get("type", "string")
        if kind == "object":
            if "properties" in schema:
                return self.members(schema)
            more = schema.get("additionalProperties", {})
            return ("map", self.resolve(more) if isinstance(more, dict) and more else ("leaf", "text"))
        if kind == "array":
            return ("list", self.resolve(schema["items"]))
        if kind == "string":
            words = [w for w in schema.get("enum", []) if w not in ("", None)]
            if "us_bank_account" in words and "sepa_debit" in words:
                return ("leaf", "method_type")
            if words:
                return ("leaf", "one_of(%s)" % " ".join(words))
            if "maxLength" in schema:
                return ("leaf", "text(%d)" % schema["maxLength"])
            return ("leaf", "text")
        return ("leaf", {"integer": "int", "number": "number", "boolean": "bool"}[kind])

    def members(self, schema):
        required = schema.get("required", [])
        members = {}
        for name, part in schema.get("properties", {}).items():
            empty = part.get("x-emptyable") or any("" in (p.get("enum") or []) for p in part.get("anyOf", []))
            members[name + ("!" if name in required else "") + ("~" if empty else "")] = self.resolve(part)
        return ("members", members)

    def tally(self, shape):
        if shape[0] == "members" and shape[1]:
            text = json.dumps(shape)
            self.count[text] = self.count.get(text, 0) + 1
            if self.count[text] == 1:
                for part in shape[1].values():
                    self.tally(part)
        elif shape[0] == "leaf" and len(shape[1]) > 120:
            self.count[json.dumps(shape)] = self.count.get(json.dumps(shape), 0) + 1
        elif shape[0] in ("list", "map"):
            self.tally(shape[1])
        elif shape[0] == "or":
            for part in shape[1]:
                self.tally(part)

    def name(self):
        taken = set()
        for text, count in self.count.items():
            shape = json.loads(text)
            small = shape[0] == "members" and len(shape[1]) == 1 and "{" not in text[12:] and len(text) < 60
            if count < 2 or small:
                continue
            base = self.best.get(text, "words")
            name, number = base, 1
            while name in taken:
                number += 1
                name = "%s_%d" % (base, number)
            taken.add(name)
            self.names[text] = name

    def text(self, shape, top=False):
        """The text of a type, or a dictionary of members."""
        if not top and json.dumps(shape) in self.names:
            return "@" + self.names[json.dumps(shape)]
        if shape[0] == "leaf":
            return shape[1]
        if shape[0] == "members":
            return {name: self.text(part) for name, part in shape[1].items()}
        if shape[0] == "or":
            return " | ".join(self.inline(part) for part in shape[1])
        return "%s(%s)" % (shape[0], self.inline(shape[1]))

    def inline(self, shape):
        text = self.text(shape)
        if isinstance(text, dict):
            # Members within a list or an alternative need a name.
            self.names[json.dumps(shape)] = self.best.get(json.dumps(shape), "part_%d" % len(self.names))
            return "@" + self.names[json.dumps(shape)]
        return text


def flow(value):
    if isinstance(value, str):
        return '"%s"' % value if any(c in value for c in ",:{}[]|@") else value
    return "{%s}" % ", ".join("%s: %s" % (quoted(k), flow(v)) for k, v in value.items())


def quoted(key):
    return '"%s"' % key if key in ("on", "no", "yes", "y", "n") else key


def block(value, indent):
    """One member a line; long ones go on below."""
    lines = []
    for name, part in value.items():
        line = "%s%s: %s" % (" " * indent, quoted(name), flow(part))
        if isinstance(part, dict) and len(line) > 140:
            lines.append("%s%s:" % (" " * indent, quoted(name)))
            lines += block(part, indent + 2)
        else:
            lines.append(line)
    return lines


def main():
    document = json.load(open(sys.argv[1]))
    table = Table(document)
    shapes = {}
    for name, route in ROUTES.items():
        method, path = route.split(" ")
        operation = document["paths"][path][method.lower()]
        body = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {}).get("schema")
        if body:
            if "$ref" in body:
                body = table.schemas[body["$ref"].split("/")[-1]]
            shapes[name] = table.members(body)
        else:
            query = {"properties": {}, "required": []}
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    query["properties"][parameter["name"]] = parameter["schema"]
                    if parameter.get("required"):
                        query["required"].append(parameter["name"])
            shapes[name] = table.members(query)
    for shape in shapes.values():
        for part in shape[1].values():
            table.tally(part)
    table.name()
    routes = {name: table.text(shape, top=True) for name, shape in shapes.items()}
    named = {}
    while True:
        missing = [(t, n) for t, n in table.names.items() if n not in named]
        if not missing:
            break
        for text, name in missing:
            named[name] = table.text(json.loads(text), top=True)
    print(HEAD)
    print("version: %s" % document["info"]["version"])
    print("\nroutes:")
    for name, members in routes.items():
        print("\n".join(block({name: members}, 2)))
    print("\nshapes:")
    for name in sorted(named):
        print("\n".join(block({name: named[name]}, 2)))


main()
