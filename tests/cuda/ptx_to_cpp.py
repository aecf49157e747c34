"""Translates the entry functions of a PTX module, as nvcc writes them for the path kernel, into C++ that runs one thread.

Every instruction becomes one statement with PTX's semantics (PTX ISA 9.0); one that is not known stops the translation, so
that nothing is guessed. Each basic block counts how often it ran: `counts` times the block's instructions is what a GPU
thread executes.
"""

import re

CPP_TYPES = {
    "b8": "uint8_t", "u8": "uint8_t", "s8": "int8_t", "b16": "uint16_t", "u16": "uint16_t", "s16": "int16_t",
    "b32": "uint32_t", "u32": "uint32_t", "s32": "int32_t", "b64": "uint64_t", "u64": "uint64_t", "s64": "int64_t",
    "f32": "float", "f64": "double", "pred": "bool",
}
WORD_OF = {"float": "uint32_t", "double": "uint64_t"}

IGNORED = re.compile(r"\.(maxntid|minnctapersm|loc|file|pragma|section|b8|b32|b64)\b")
INSTRUCTION = re.compile(r"(?:@(!?)(%p\d+)\s+)?([a-z][\w.]*(?:::[\w.]+)*)\s*(.*?);$")
SPECIAL = {"%tid.x": "thread.tid", "%ctaid.x": "thread.ctaid", "%ntid.x": "thread.ntid"}
COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "lo": "<", "ls": "<=", "hi": ">",
           "hs": ">="}
ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "and": "&", "or": "|", "xor": "^", "div": "/", "rem": "%"}

# As the CPU's library rounds them. No kernel of cuda/ may have them (ptx_audit_test.py): for bench/gpu/reproducibility.
APPROXIMATIONS = {"rcp.approx.f32": "1.0f / {}", "ex2.approx.f32": "std::exp2({})", "lg2.approx.f32": "std::log2({})"}


class Unknown(Exception):
    """An instruction that the translator does not know."""


def split_operands(text):
    """Operands separated by commas outside braces."""
    out, depth, current = [], 0, ""
    for letter in text:
        depth += (letter in "{[") - (letter in "}]")
        if letter == "," and depth == 0:
            out.append(current.strip())
            current = ""
        else:
            current += letter
    return out + [current.strip()] if current.strip() else out


class Function:
    """One .entry: its registers, local memory, blocks and statements."""

    def __init__(self, name):
        self.name, self.parameter, self.parameter_bytes = name, None, 0
        self.registers, self.locals, self.types = [], [], {}
        self.blocks = [{}]  # opcode -> number, one a basic block
        self.instructions = []  # (line of the module, block, opcode)
        self.lines = []

    def start_block(self):
        if self.blocks[-1]:
            self.blocks.append({})

    def type_of(self, register):
        prefix = re.match(r"%[A-Za-z]+", register)
        return self.types.get(register) or self.types[prefix.group()]

    def read(self, operand, kind):
        """A C++ expression for an operand read as PTX type `kind`."""
        wanted = CPP_TYPES[kind]
        if operand in SPECIAL:
            return SPECIAL[operand]
        if operand.startswith("%"):
            name, held = operand[1:], self.type_of(operand)
            if held == wanted or held == "bool":
                return name
            if (held in WORD_OF) != (wanted in WORD_OF):
                return f"bits<{wanted}>({name})"
            return f"static_cast<{wanted}>({name})"
        if operand.startswith("0f"):
            return f"bits<float>(uint32_t{{0x{operand[2:]}u}})"
        if operand.startswith("0d"):
            return f"bits<double>(uint64_t{{0x{operand[2:]}ull}})"
        if re.fullmatch(r"-?\d+", operand):
            return f"static_cast<{wanted}>({operand}{'ull' if int(operand) > 2**63 - 1 else 'll'})"
        if operand == self.parameter:
            return "reinterpret_cast<uint64_t>(parameters)"
        if operand in self.locals:
            return f"reinterpret_cast<uint64_t>({operand})"
        raise Unknown(operand)

    def write(self, register, kind, expression):
        """An assignment of a value of PTX type `kind`."""
        if register == "_":
            return ";"
        held, given = self.type_of(register), CPP_TYPES[kind]
        if held == given or held == "bool":
            return f"{register[1:]} = {expression};"
        if (held in WORD_OF) != (given in WORD_OF):
            return f"{register[1:]} = bits<{held}>({given}({expression}));"
        return f"{register[1:]} = static_cast<{held}>({given}({expression}));"

    def address(self, operand):
        base, _, offset = operand.strip("[]").partition("+")
        return f"{self.read(base, 'u64')} + ({offset or 0})"

    def memory(self, opcode, operands, is_load):
        parts = opcode.split(".")
        kind = parts[-1]
        text, target = (operands[1], operands[0]) if is_load else (operands[0], operands[1])
        registers = split_operands(target.strip("{}")) if target.startswith("{") else [target]
        out = []
        size = int(re.search(r"\d+", kind).group()) // 8
        for k, register in enumerate(registers):
            place = f"{self.address(text)} + {k * size}"
            if is_load:
                out.append(self.write(register, kind, f"load<{CPP_TYPES[kind]}>({place})"))
            else:
                out.append(f"store<{CPP_TYPES[kind]}>({place}, {self.read(register, kind)});")
        return " ".join(out)

    def set_predicate(self, parts, operands):
        relation, kind = parts[1], parts[-1]
        a, b = (self.read(operand, kind) for operand in operands[1:3])
        if kind.startswith("f") and relation not in ("eq", "ne", "lt", "le", "gt", "ge"):
            # Unordered relations: also true where a side is NaN; num and nan ask only for that.
            if relation == "nan":
                return self.write(operands[0], "pred", f"({a} != {a}) || ({b} != {b})")
            if relation == "num":
                return self.write(operands[0], "pred", f"({a} == {a}) && ({b} == {b})")
            nan = f"({a} != {a}) || ({b} != {b}) || "
            straight = {"equ": "==", "neu": "!=", "ltu": "<", "leu": "<=", "gtu": ">", "geu": ">="}
            return self.write(operands[0], "pred", f"{nan}({a} {straight[relation]} {b})")
        if kind.startswith("f") and relation == "ne":  # ordered: false for NaN
            return self.write(operands[0], "pred", f"({a} < {b}) || ({a} > {b})")
        return self.write(operands[0], "pred", f"{a} {COMPARE[relation]} {b}")

    def statement(self, opcode, operands):
        parts = opcode.split(".")
        name, kind = parts[0], parts[-1]
        if name == "ld":
            return self.memory(opcode, operands, True)
        if name == "st":
            return self.memory(opcode, operands, False)
        if name in ("mov", "cvta"):
            kind = "u64" if name == "cvta" else kind
            if operands[0].startswith("{"):
                low, high = split_operands(operands[0].strip("{}"))
                value = self.read(operands[1], "b64")
                return self.write(low, "b32", f"uint32_t({value})") + " " + self.write(high, "b32", f"uint32_t({value} >> 32)")
            if operands[1].startswith("{"):
                low, high = (self.read(part, "b32") for part in split_operands(operands[1].strip("{}")))
                return self.write(operands[0], "b64", f"uint64_t({high}) << 32 | {low}")
            return self.write(operands[0], kind, self.read(operands[1], kind))
        if name == "setp":
            return self.set_predicate(parts, operands)
        if name == "selp":
            a, b = (self.read(operand, kind) for operand in operands[1:3])
            return self.write(operands[0], kind, f"{operands[3][1:]} ? {a} : {b}")
        if name == "fma" and opcode in ("fma.rn.f32", "fma.rn.f64"):
            a, b, c = (self.read(operand, kind) for operand in operands[1:])
            return self.write(operands[0], kind, f"std::fma({a}, {b}, {c})")
        if opcode in ("sqrt.rn.f32", "sqrt.rn.f64"):
            return self.write(operands[0], kind, f"std::sqrt({self.read(operands[1], kind)})")
        if opcode in APPROXIMATIONS:
            return self.write(operands[0], kind, APPROXIMATIONS[opcode].format(self.read(operands[1], kind)))
        if opcode in ("max.f32", "min.f32"):
            return self.write(operands[0], kind, f"ptx_{name}({self.read(operands[1], kind)}, {self.read(operands[2], kind)})")
        if name in ("add", "sub", "mul", "div") and kind in ("f32", "f64") and parts[1] == "rn":
            return self.binary(operands, kind, ARITHMETIC[name])
        return self.integer(opcode, parts, name, kind, operands)

    def binary(self, operands, kind, sign):
        a, b = (self.read(operand, kind) for operand in operands[1:3])
        return self.write(operands[0], kind, f"{a} {sign} {b}")

    def integer(self, opcode, parts, name, kind, operands):
        values = [self.read(operand, kind) for operand in operands[1:]] if name not in ("cvt", "shl", "shr", "prmt", "shf") else []
        unsigned = kind.replace("s", "u")
        if name in ("add", "sub", "and", "or", "xor") and (kind == "pred" or kind[0] in "bsu") and len(parts) == 2:
            as_unsigned = [self.read(operand, kind if kind == "pred" else unsigned) for operand in operands[1:]]
            return self.write(operands[0], kind if kind == "pred" else unsigned, f" {ARITHMETIC[name]} ".join(as_unsigned))
        if name in ("mul", "mad") and parts[1] == "lo":
            a, b, *c = (self.read(operand, unsigned) for operand in operands[1:])
            return self.write(operands[0], unsigned, " + ".join([f"{a} * {b}", *c]))
        if name in ("mul", "mad") and parts[1] == "wide":
            wide = {"u16": "u32", "s16": "s32", "u32": "u64", "s32": "s64"}[kind]
            a, b = (self.read(operand, kind) for operand in operands[1:3])
            tail = f" + {self.read(operands[3], wide)}" if name == "mad" else ""
            return self.write(operands[0], wide, f"{CPP_TYPES[wide]}({a}) * {b}{tail}")
        if name in ("div", "rem") and kind[0] in "su" and len(parts) == 2:
            return self.write(operands[0], kind, f"{values[0]} {ARITHMETIC[name]} {values[1]}")
        if name == "mul" and parts[1] == "hi" and kind in ("u32", "s32"):
            wide = CPP_TYPES["u64" if kind == "u32" else "s64"]
            return self.write(operands[0], kind, f"({wide}({values[0]}) * {values[1]}) >> 32")
        if name in ("shl", "shr"):
            bits = int(kind[1:])
            amount = self.read(operands[2], "u32")
            sign = "<<" if name == "shl" else ">>"
            beyond = "0" if kind[0] != "s" else f"({self.read(operands[1], kind)} >> {bits - 1})"
            return self.write(operands[0], kind, f"{amount} >= {bits} ? {beyond} : ({self.read(operands[1], kind)} {sign} {amount})")
        if name == "shf" and parts[2] == "wrap":
            low, high, amount = (self.read(operand, "u32") for operand in operands[1:])
            shift = f"(({amount}) & 31)"
            value = f"(uint64_t({high}) << 32 | {low})"
            cut = f"({value} << {shift}) >> 32" if parts[1] == "l" else f"{value} >> {shift}"
            return self.write(operands[0], "u32", f"uint32_t({cut})")
        if name == "not":
            return self.write(operands[0], kind, f"!{values[0]}" if kind == "pred" else f"~{values[0]}")
        if name in ("neg", "abs"):
            if kind in ("f32", "f64"):
                return self.write(operands[0], kind, f"ptx_{name}({values[0]})")
            value = self.read(operands[1], unsigned)
            return self.write(operands[0], unsigned, f"0 - {value}" if name == "neg" else f"{values[0]} < 0 ? 0 - {value} : {value}")
        if name in ("max", "min") and kind[0] in "su":
            return self.write(operands[0], kind, f"std::{name}({values[0]}, {values[1]})")
        if name == "cvt":
            return self.convert(parts, operands)
        if name == "prmt":
            return self.write(operands[0], "b32", "ptx_permute(" + ", ".join(self.read(o, "b32") for o in operands[1:]) + ")")
        raise Unknown(opcode)

    def convert(self, parts, operands):
        *modes, to, source = parts[1:]
        value = self.read(operands[1], source)
        if to in ("f32", "f64"):
            if source[0] in "su" and modes != ["rn"]:
                raise Unknown(".".join(parts))
            return self.write(operands[0], to, f"static_cast<{CPP_TYPES[to]}>({value})")
        if source in ("f32", "f64"):
            if modes != ["rzi"] or to != "s32":
                raise Unknown(".".join(parts))
            return self.write(operands[0], to, f"ptx_truncate({value})")
        return self.write(operands[0], to, f"static_cast<{CPP_TYPES[to]}>({value})")

    def add(self, line, number):
        match = INSTRUCTION.match(line)
        if not match:
            raise Unknown(line)
        negated, predicate, opcode, rest = match.groups()
        if not self.blocks[-1]:  # behind the label, where those who fall through and those who jump meet
            self.lines.append(f"  ++counts[{len(self.blocks) - 1}];")
        self.blocks[-1][opcode] = self.blocks[-1].get(opcode, 0) + 1
        self.instructions.append((number, len(self.blocks) - 1, opcode))
        condition = f"if ({'!' if negated else ''}{predicate[1:]}) " if predicate else ""
        if opcode.startswith("bra"):
            self.lines.append(f"  {condition}goto L{rest.strip().lstrip('$').replace('$', '_')};")
            self.start_block()
        elif opcode == "ret":
            self.lines.append(f"  {condition}return;")
            self.start_block()
        else:
            self.lines.append(f"  {condition}{{ {self.statement(opcode, split_operands(rest))} }}")

    def declare(self, line):
        local = re.match(r"\.local \.align (\d+) \.b8\s+(\w+)\[(\d+)\]", line)
        if local:
            self.locals.append(local.group(2))
            self.registers.append(f"  alignas({local.group(1)}) unsigned char {local.group(2)}[{local.group(3)}];")
            return
        kind, names = re.match(r"\.reg \.(\w+)\s+(.*);", line).groups()
        for name in names.split(","):
            many = re.match(r"\s*(%[A-Za-z]+)<(\d+)>", name)
            cpp = CPP_TYPES[kind]
            if many:
                self.types[many.group(1)] = cpp
                prefix = many.group(1)[1:]
                self.registers += [f"  {cpp} {prefix}{k} = {{}};" for k in range(int(many.group(2)))]
            else:
                self.types[name.strip()] = cpp
                self.registers.append(f"  {cpp} {name.strip()[1:]} = {{}};")

    def cpp(self, cpp_name):
        head = f"void {cpp_name}(const unsigned char* parameters, Thread thread, uint64_t* counts) {{"
        return "\n".join(['#include "ptx_machine.hpp"', head, *self.registers, *self.lines, "}"])


def functions_in(ptx):
    """All entry functions of a module."""
    out, current = [], None
    for number, raw in enumerate(ptx.split("\n"), 1):
        line = re.sub(r"//.*", "", raw).strip()
        entry = re.match(r"(?:\.visible |\.weak )*\.entry (\w+)", line)
        if entry:
            current = Function(entry.group(1))
            out.append(current)
        elif not line or current is None or line in "{})" or IGNORED.match(line):
            continue
        elif line.startswith(".param"):
            size, current.parameter, current.parameter_bytes = 0, *re.search(r"(\w+)\[(\d+)\]", line).groups()
        elif line.startswith((".reg", ".local")):
            current.declare(line)
        elif line.startswith("$") and line.endswith(":"):
            current.start_block()
            current.lines.append(f"L{line[1:-1].replace('$', '_')}:;")
        else:
            current.add(line, number)
    return out
