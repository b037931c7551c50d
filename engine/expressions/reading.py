"""From text to a syntax tree that holds allowed parts only. Nothing is worked out here."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import ExpressionError

if TYPE_CHECKING:
    from engine.definition import Scalar

LONGEST = 2_000  # characters of one expression
DEEPEST = 40  # brackets within brackets, operators within operators
MOST_PARTS = 200  # nodes of the syntax tree
LARGEST_NUMBER = 10**15
LONGEST_TEXT = 10_000
LONGEST_LIST = 1_000

CONSTANTS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
#: Names a variable may not have: the constants, and what the engine's own rows use.
RESERVED = frozenset({*CONSTANTS, "typename"})

_OPERATORS = (
    *(ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn),
)
_ALLOWED = (
    *(ast.Expression, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp),
    *(ast.Constant, ast.Name, ast.Load, ast.Call, ast.keyword, ast.List),
    *_OPERATORS,
)
_INSTEAD = {
    ast.Is: "write == instead of is",
    ast.IsNot: "write != instead of is not",
    ast.Attribute: "a dot reaches into a value; variables are flat here",
    ast.Subscript: "square brackets behind a name reach into a value; variables are flat here",
    ast.Pow: "powers are not allowed",
    ast.JoinedStr: "f-texts are not allowed; write a plain text",
    ast.Tuple: "write a list in square brackets",
    ast.Lambda: "functions cannot be made here",
    ast.NamedExpr: "only a script line gives a variable its value",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The text as written; it knows where on it a part of the tree stands."""

    text: str

    def column(self, node: ast.AST) -> int:
        offset = getattr(node, "col_offset", 0)
        return len(self.text.encode()[:offset].decode(errors="ignore")) + 1

    def refuse(self, message: str, node: ast.AST) -> ExpressionError:
        return ExpressionError(message, self.column(node))


def read(text: str) -> tuple[ast.Expression, Source]:
    """The checked tree of one expression. Raises `ExpressionError` at the first forbidden part."""
    source = Source(_flat(text))
    tree = _parse(source.text)
    _check_size(tree, source)
    for node in ast.walk(tree):
        _check_part(node, source)
    _check_comments(tree, source.text)
    return tree, source


def _flat(text: str) -> str:
    if not isinstance(text, str):
        raise ExpressionError("an expression is a text")
    if not text.strip():
        raise ExpressionError("an expression is missing here")
    if len(text) > LONGEST:
        raise ExpressionError(f"the expression is longer than {LONGEST} characters", LONGEST)
    flat = "".join(" " if letter.isspace() else letter for letter in text)
    for column, letter in enumerate(flat, start=1):
        if letter == "\\" or not letter.isprintable():
            raise ExpressionError("this character is not allowed", column)
    return flat.rstrip()


def _parse(text: str) -> ast.Expression:
    indent = len(text) - len(text.lstrip())
    try:
        tree = ast.parse(text[indent:], mode="eval")
    except SyntaxError as error:
        if not error.offset or error.lineno != 1:  # how Python says: the text ended
            raise ExpressionError("cannot be read: it ends too early", len(text) + 1) from None
        raise ExpressionError(f"cannot be read: {error.msg}", indent + error.offset) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("cannot be read: too deeply nested or too large") from None
    for node in ast.walk(tree):
        if hasattr(node, "col_offset"):
            node.col_offset += indent
    return tree


def _check_size(tree: ast.Expression, source: Source) -> None:
    level: list[ast.AST] = [tree]
    depth = parts = 0
    while level:
        depth, parts = depth + 1, parts + len(level)
        if depth > DEEPEST or parts > MOST_PARTS:
            raise source.refuse("the expression has too many parts; split it", level[0])
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _check_part(node: ast.AST, source: Source) -> None:
    if not isinstance(node, _ALLOWED):
        reason = _INSTEAD.get(type(node), f"{type(node).__name__} is not allowed")
        raise source.refuse(reason, node)
    if isinstance(node, ast.Constant):
        _check_constant(node, source)
    elif isinstance(node, ast.Name) and node.id.startswith("_"):
        raise source.refuse(f"a name may not begin with an underscore: {node.id}", node)
    elif isinstance(node, ast.List) and any(isinstance(part, ast.List) for part in node.elts):
        raise source.refuse("a list may not hold lists", node)
    elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
        raise source.refuse("only a function known by name can be called", node)
    elif isinstance(node, ast.keyword) and node.arg is None:
        raise source.refuse("** is not allowed", node)
    elif isinstance(node, ast.Compare):
        _check_comparison(node, source)


def _check_comparison(node: ast.Compare, source: Source) -> None:
    for operator in node.ops:
        if not isinstance(operator, _ALLOWED):
            raise source.refuse(_INSTEAD.get(type(operator), "is not allowed"), node)


def _check_constant(node: ast.Constant, source: Source) -> None:
    kind = type(node.value)
    if kind not in {str, int, float, bool, type(None)} or node.kind is not None:
        raise source.refuse("only texts, numbers, true, false and null can be written", node)
    if kind in {int, float} and not abs(node.value) <= LARGEST_NUMBER:  # type: ignore[arg-type]  # narrowed by its type above
        raise source.refuse("the number is too large", node)


def _check_comments(tree: ast.Expression, text: str) -> None:
    """A comment in a flattened expression would hide what was written on the lines below it."""
    inside = sum(
        node.value.count("#")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    if text.count("#") != inside:
        raise ExpressionError("comments are not allowed in an expression", text.index("#") + 1)
