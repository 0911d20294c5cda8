"""What the pages of the board say: the texts behind `| t` and in `s.text(...)`, `s.plural(...)` of their HTML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes


def texts(folder: Path, root: Path) -> Iterator[tuple[str | tuple[str, str] | None, str]]:
    """Each template with where it stands; None where nobody can tell from the page what it is."""
    for path in sorted(folder.glob("*.html")):
        tree = jinja2.Environment(autoescape=True).parse(path.read_text("utf-8"))
        for node in (*tree.find_all(nodes.Filter), *tree.find_all(nodes.Call)):
            at = f"{path.relative_to(root)}:{node.lineno}"
            for found in _said(node):
                yield found, at


def _said(node: nodes.Filter | nodes.Call) -> Iterator[str | tuple[str, str] | None]:
    if isinstance(node, nodes.Filter):
        if node.name == "t" and node.node is not None:
            yield from _strings(node.node)
        return
    called = node.node
    if not (
        isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "s"
    ):
        return
    if called.attr in ("text", "say"):
        yield from _strings(node.args[0])
    elif called.attr == "plural":
        one, many = (next(_strings(arg)) for arg in node.args[:2])
        yield (str(one), str(many)) if one and many else None


def _strings(node: nodes.Node) -> Iterator[str | None]:
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr(expr1=yes, expr2=no):
            yield from _strings(yes)
            if no is not None:
                yield from _strings(no)
        case _:
            yield None
