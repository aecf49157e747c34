"""Writes the scenario file of a case: a base file with some keys changed and some tables added."""

import copy
import json
import tomllib


def find(node, steps):
    """The table that a key path leads to, and the key left over."""
    while len(steps) > 1:
        if isinstance(node, list):
            if "class" in node[0]:
                node = next(t for t in node if [t["class"], t["region"]] == steps[:2])
                steps = steps[2:]
                continue
            node = next(t for t in node if t["name"] == steps[0])
        else:
            node = node.setdefault(steps[0], {})
        steps = steps[1:]
    return node, steps[0]


def edited(table, case):
    table = copy.deepcopy(table)
    for path, value in case.edits.items():
        node, key = find(table, path.split("."))
        node[key] = value
    for name, items in case.extra.items():
        table.setdefault(name, []).extend(items)
    return table


def toml_value(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return json.dumps(value)


def toml_text(table):
    lines = []
    for name, value in table.items():
        several = isinstance(value, list)
        for item in value if several else [value]:
            lines.append(f"[[{name}]]" if several else f"[{name}]")
            lines += [f"{key} = {toml_value(inner)}" for key, inner in item.items()]
    return "\n".join(lines) + "\n"


def write_case(case, base, folder):
    """@returns the path of the scenario's file"""
    with open(base, "rb") as file:
        table = edited(tomllib.load(file), case)
    path = folder / (case.name.replace(" ", "-").replace(",", "") + ".toml")
    path.write_text(toml_text(table))
    return path
