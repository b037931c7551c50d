"""From a checked syntax tree to closures. Only this module decides what each allowed part does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.definition import Function, Scalar, Value
from engine.errors import CaseError, ExpressionError
from engine.expressions.operators import BINARY, COMPARISONS, UnfitError, bounded, described
from engine.expressions.reading import CONSTANTS, Source

Values = Mapping[str, Value]
Closure = Callable[[Values], Value]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function. `constants` are its arguments, None unless all are written out."""

    name: str
    constants: tuple[Scalar, ...] | None
    keywords: Mapping[str, Scalar]  # those of its keyword arguments that are written out
    column: int


class Compiler:
    """Compiles one tree; gathers the variables it reads and the calls it makes on the way."""

    def __init__(self, source: Source, functions: Mapping[str, Function]) -> None:
        self.names: set[str] = set()
        self.calls: list[Call] = []
        self._source = source
        self._functions = functions

    def closure(self, node: ast.expr) -> Closure:
        match node:
            case ast.Constant() | ast.Name() | ast.List() | ast.Call():
                return self._value(node)
            case ast.BoolOp(op=op, values=parts):
                closures = [self.closure(part) for part in parts]
                return _both_or_either(closures, stop=isinstance(op, ast.Or))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return _choice(self.closure(test), self.closure(body), self.closure(orelse))
        return self._operation(node)

    def _value(self, node: ast.expr) -> Closure:
        match node:
            case ast.Constant(value=str() | int() | float() | None as value):
                return lambda _: value
            case ast.Name(id=name):
                return self._name(name, node)
            case ast.List(elts=parts):
                return self._list(node, [self.closure(part) for part in parts])
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, name)
        raise self._source.refuse("this is not allowed", node)

    def _operation(self, node: ast.expr) -> Closure:
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.closure(operand)
                return lambda values: not inner(values)
            case ast.UnaryOp(operand=operand):
                return self._sign(node, self.closure(operand))
            case ast.BinOp(left=left, op=op, right=right):
                work = BINARY[type(op)]
                first, second = self.closure(left), self.closure(right)
                return self._guarded(node, lambda values: work(first(values), second(values)))
            case ast.Compare():
                return self._compare(node)
        raise self._source.refuse("this is not allowed", node)

    def _name(self, name: str, node: ast.expr) -> Closure:
        if name in CONSTANTS:
            constant = CONSTANTS[name]
            return lambda _: constant
        if name in self._functions:
            raise self._source.refuse(f"{name} is a function; call it with brackets", node)
        self.names.add(name)
        column = self._source.column(node)

        def look_up(values: Values) -> Value:
            try:
                return values[name]
            except KeyError:
                raise ExpressionError(f"'{name}' has no value yet", column) from None

        return look_up

    def _sign(self, node: ast.UnaryOp, inner: Closure) -> Closure:
        turn = -1 if isinstance(node.op, ast.USub) else 1

        def apply(values: Values) -> Value:
            value = inner(values)
            if not isinstance(value, (int, float)):
                raise UnfitError(f"a sign needs a number, not {described(value)}")
            return turn * value

        return self._guarded(node, apply)

    def _compare(self, node: ast.Compare) -> Closure:
        first = self.closure(node.left)
        steps = [
            (COMPARISONS[type(op)], self.closure(right))
            for op, right in zip(node.ops, node.comparators, strict=True)
        ]

        def apply(values: Values) -> Value:
            left = first(values)
            for holds, right_of in steps:
                right = right_of(values)
                if not holds(left, right):
                    return False
                left = right
            return True

        return self._guarded(node, apply)

    def _list(self, node: ast.List, parts: list[Closure]) -> Closure:
        return self._guarded(node, lambda values: bounded([part(values) for part in parts]))

    def _call(self, node: ast.Call, name: str) -> Closure:
        function = self._functions.get(name)
        if function is None:
            raise self._source.refuse(f"there is no function called {name}", node)
        self._check_arguments(node, function)
        constants = _constants(node.args)
        named = {part.arg: _constants([part.value]) for part in node.keywords}
        written_out = {key: found[0] for key, found in named.items() if key and found}
        self.calls.append(Call(name, constants, written_out, self._source.column(node)))
        if constants is not None:
            self.names |= self._names_read(node, function, constants)
        work = function.call
        arguments = [self.closure(part) for part in node.args]
        keywords = {part.arg: self.closure(part.value) for part in node.keywords if part.arg}

        def apply(values: Values) -> Value:
            given = [argument(values) for argument in arguments]
            named = {key: argument(values) for key, argument in keywords.items()}
            return bounded(
                work(values, *given, **named) if function.wants_facts else work(*given, **named)
            )

        return self._guarded(node, apply)

    def _check_arguments(self, node: ast.Call, function: Function) -> None:
        if not function.least <= len(node.args) <= function.most:
            wanted = str(function.least)
            if function.most != function.least:
                wanted += f" to {function.most}"
            raise self._source.refuse(f"{function.name} needs {wanted} arguments", node)
        for part in node.keywords:
            if part.arg not in function.keywords:
                raise self._source.refuse(f"{function.name} knows no {part.arg}=", part)

    def _names_read(
        self, node: ast.Call, function: Function, constants: tuple[Scalar, ...]
    ) -> frozenset[str]:
        try:
            return function.names(*constants)
        except CaseError as error:
            raise self._source.refuse(str(error), node) from None
        except LookupError:
            shown = ", ".join(map(repr, constants))
            raise self._source.refuse(f"{function.name} knows no {shown}", node) from None

    def _guarded(self, node: ast.expr, work: Closure) -> Closure:
        column = self._source.column(node)

        def apply(values: Values) -> Value:
            try:
                return work(values)
            except CaseError:
                raise
            except UnfitError as error:
                raise ExpressionError(str(error), column) from None
            except (TypeError, ValueError, ArithmeticError, LookupError) as error:
                raise ExpressionError(f"cannot be worked out: {error}", column) from None

        return apply


def _both_or_either(parts: list[Closure], *, stop: bool) -> Closure:
    def apply(values: Values) -> Value:
        value: Value = None
        for part in parts:
            value = part(values)
            if bool(value) is stop:
                return value
        return value

    return apply


def _choice(test: Closure, then: Closure, otherwise: Closure) -> Closure:
    return lambda values: then(values) if test(values) else otherwise(values)


def _constants(nodes: list[ast.expr]) -> tuple[Scalar, ...] | None:
    """The arguments' values when all of them are written out."""
    found: list[Scalar] = []
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, type(None))):
            found.append(node.value)
        elif isinstance(node, ast.Name) and node.id in CONSTANTS:
            found.append(CONSTANTS[node.id])
        else:
            return None
    return tuple(found)
