"""Every template that is said, found in the source, and what a catalogue makes of it.

`python -m tests.unit.app.templates` prints what each language lacks, ready to be pasted into its `messages.po`.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.app.speech import CATALOGUES
from bot.domain import decide_opening
from bot.domain.clocks import DECLINED, EXCLUDED, WAITING
from bot.domain.times import NO_TIME, PASSED
from tests.unit.app import page_templates

ROOT = Path(__file__).parents[3]
PACKAGES = ("bot", "channels")
ROOM: dict[str, tuple[tuple[int, str, int], ...]] = {
    "choice": ((2, "label", 20),),
    "Choice": ((1, "label", 20),),
    "_modal": ((1, "title", 24), (2, "submit", 24)),
    "_choose": ((1, "title", 24), (2, "submit", 24)),
}
"""By what is called: which argument is written where there is room for so many characters only."""


def _reasons() -> tuple[str, ...]:
    """Why something is not possible: the first argument of every NotPossible, and what is no time."""
    found = [NO_TIME, PASSED]
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            named = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "NotPossible"
            )
            if named and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant):
                found.append(str(node.args[0].value))
    return tuple(dict.fromkeys(found))


DYNAMIC: dict[str, tuple[str, ...]] = {
    "refusals.py: error.template": _reasons(),
    "cards.py: shown.reason or ''": (WAITING, EXCLUDED, DECLINED),
    "desk_wording.py: n.name": tuple(decide_opening._SERVED.values()),
    "desk_wording.py: f": ("name", "email", "phone"),
}
"""What an argument that is no literal may be, by its file and how it is written there."""

_NAME = re.compile(r"\{(\w+)\}")
_BOLD = re.compile(r"\*[^*]+\*")
_SAID = ("say", "text", "plural")
Id = str | tuple[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Template:
    """`id` is a pair where it has a plural; `room` is set where it must not be longer."""

    id: Id
    at: str
    room: int | None = None

    @property
    def has_words(self) -> bool:
        """Without any it may be left as it is."""
        return any(c.isalpha() for c in _NAME.sub("", "".join(self.id)))


class _Unknown(Exception):
    """Nobody can tell from the source what this may be."""


@dataclasses.dataclass(frozen=True, eq=False)
class _Module:
    path: Path
    tree: ast.Module

    @functools.cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        found = [n for n in ast.walk(self.tree) if isinstance(n, ast.ImportFrom) and n.module]
        return {a.asname or a.name: (str(n.module), a.name) for n in found for a in n.names}


def _speaks(path: Path) -> bool:
    """Only what knows of Speech can say anything."""
    return path.name == "speech.py" or "bot.app.speech" in path.read_text()


Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Source:
    """The modules of the bot, and what the templates in them are."""

    def __init__(self, paths: list[Path], root: Path = ROOT) -> None:
        self.root = root
        self.paths = {".".join(path.relative_to(root).with_suffix("").parts): path for path in paths}
        self.modules = [m for name, path in self.paths.items() if _speaks(path) and (m := self._module(name))]

    @functools.cache  # noqa: B019
    def _module(self, name: str) -> _Module | None:
        path = self.paths.get(name)
        return None if path is None else _Module(path, ast.parse(path.read_text()))

    def templates(self) -> tuple[list[Template], list[str]]:
        """All that is said, and the places that nobody can read."""
        found: list[Template] = []
        unknown: list[str] = []
        for module in self.modules:
            for call, scopes in _calls(module.tree, ()):
                at = f"{module.path.relative_to(self.root)}:{call.lineno}"
                try:
                    found += self._of(call, module, scopes, at)
                except _Unknown as error:
                    unknown.append(f"{at}: {module.path.name}: {error}")
        return found, unknown

    def _of(
        self, call: ast.Call, module: _Module, scopes: tuple[Function, ...], at: str
    ) -> Iterator[Template]:
        for position, name, room in ROOM.get(_called(call), ()):
            for written in _texts(_argument(call, position, name), scopes, module):
                for id in sorted(self.strings(written, module, scopes)):
                    yield Template(id=id, at=at, room=room)
        if not (isinstance(call.func, ast.Attribute) and call.func.attr in _SAID and call.args):
            return
        if module.path.name == "speech.py" and getattr(scopes[-1], "name", "") in _SAID:
            return
        given = sorted(self.strings(call.args[0], module, scopes))
        if call.func.attr == "plural":
            others = sorted(self.strings(call.args[1], module, scopes))
            yield from (Template(id=(one, many), at=at) for one in given for many in others)
        else:
            yield from (Template(id=id, at=at) for id in given if id)

    def strings(
        self, node: ast.expr, module: _Module, scopes: tuple[Function, ...], depth: int = 0
    ) -> set[str]:
        """Every string that the expression may be; of a table, every string in it."""
        written = ast.unparse(node)
        if (said := f"{module.path.name}: {written}") in DYNAMIC:
            return set(DYNAMIC[said])
        if depth > 12:
            raise _Unknown(written)

        def of(other: ast.expr) -> set[str]:
            return self.strings(other, module, scopes, depth + 1)

        match node:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.IfExp(body=yes, orelse=no):
                return of(yes) | of(no)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return {a + b for a in of(left) for b in of(right)}
            case ast.BoolOp(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
                return set().union(*map(of, several))
            case ast.Dict(values=several):
                return set().union(*map(of, several))
            case ast.Subscript(value=table):
                return of(table)
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, *rest]):
                return of(table).union(*map(of, rest))
            case ast.Call(func=ast.Attribute(value=text, attr="strip"), args=[]):
                return {one.strip() for one in of(text)}
            case ast.Name(id=name):
                return self._named(name, module, scopes, depth)
        raise _Unknown(written)

    def _named(self, name: str, module: _Module, scopes: tuple[Function, ...], depth: int) -> set[str]:
        for n, scope in enumerate(reversed(scopes)):
            around = scopes[: len(scopes) - n]
            if name in _parameters(scope):
                return self._passed(name, scope, depth)
            if bound := list(_bound(name, scope, module)):
                return set().union(*(self.strings(value, module, around, depth + 1) for value in bound))
        if bound := list(_bound(name, module.tree, module)):
            return set().union(*(self.strings(value, module, (), depth + 1) for value in bound))
        where, original = module.imports.get(name, ("", ""))
        if other := self._module(where):
            return self._named(original, other, (), depth + 1)
        raise _Unknown(name)

    def _passed(self, name: str, function: Function, depth: int) -> set[str]:
        """A parameter is whatever the function is called with, anywhere."""
        found: set[str] = set()
        if isinstance(function, ast.Lambda):
            raise _Unknown(name)
        position = [p for p in _parameters(function) if p != "self"].index(name)
        calls = [
            (call, m, scopes)
            for m in self.modules
            for call, scopes in _calls(m.tree, ())
            if _called(call) == function.name
        ]
        for call, module, scopes in calls:
            given = _argument(call, position, name)
            if given is not None:
                found |= self.strings(given, module, scopes, depth + 1)
        if not found:
            raise _Unknown(name)
        return found


def _calls(node: ast.AST, scopes: tuple[Function, ...]) -> Iterator[tuple[ast.Call, tuple[Function, ...]]]:
    if isinstance(node, ast.Call):
        yield node, scopes
    inside = (*scopes, node) if isinstance(node, Function) else scopes
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inside)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    keyword = next((k.value for k in call.keywords if k.arg == name), None)
    return call.args[position] if keyword is None and len(call.args) > position else keyword


def _texts(written: ast.expr | None, scopes: tuple[Function, ...], module: _Module) -> Iterator[ast.expr]:
    """The template of `s.text(template)`, also where that was given a name before."""
    match written:
        case ast.Call(func=ast.Attribute(attr="text"), args=[template, *_]):
            yield template
        case ast.Name(id=name) if scopes:
            for bound in _bound(name, scopes[-1], module):
                yield from _texts(bound, (), module)


def _parameters(function: Function) -> list[str]:
    return [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _bound(name: str, scope: Function | ast.Module, module: _Module) -> Iterator[ast.expr]:
    """What the name is set to: by `=`, `:=`, `for ... in (...)`, `for ... in f()`."""
    nodes = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _matching(name, target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _matching(name, target, value)
            case ast.NamedExpr(target=target, value=value):
                yield from _matching(name, target, value)
            case ast.For(target=target, iter=each) | ast.comprehension(target=target, iter=each):
                for one in _each(each, module):
                    yield from _matching(name, target, one)


def _each(several: ast.expr, module: _Module) -> list[ast.expr]:
    """What is iterated over; of a function's result, every tuple that is written in the function."""
    match several:
        case ast.Tuple(elts=each) | ast.List(elts=each):
            return each
        case ast.Call(func=ast.Name(id=name)):
            functions = [f for f in module.tree.body if isinstance(f, ast.FunctionDef) and f.name == name]
            return [
                t for f in functions for line in f.body for t in ast.walk(line) if isinstance(t, ast.Tuple)
            ]
    return []


def _matching(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    match target, value:
        case ast.Name(id=found), _ if found == name:
            yield value
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            for one, its in zip(names, values, strict=True):
                yield from _matching(name, one, its)


@functools.cache
def source() -> Source:
    return Source(sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")))


@functools.cache
def said() -> tuple[dict[Id, list[Template]], tuple[str, ...]]:
    """All templates by what they are, and the places that nobody can read."""
    found, unknown = source().templates()
    for id, at in page_templates.texts(ROOT / "bot" / "board" / "templates", ROOT):
        found += [Template(id=id, at=at)] if id else []
        unknown += [] if id else [at]
    found += [Template(id=pattern, at="bot/app/speech.py") for pattern in ("HH:mm", "EEE d MMM")]
    by_id: dict[Id, list[Template]] = {}
    for template in found:
        by_id.setdefault(template.id, []).append(template)
    return by_id, tuple(unknown)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Language:
    """What one catalogue lacks and has wrong."""

    name: str
    missing: tuple[Id, ...]
    obsolete: tuple[Id, ...]
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"# {self.name}: {len(self.missing)} missing", "", _pasteable(self.missing)]
        lines += [f"# obsolete: {id!r}" for id in self.obsolete]
        lines += [f"# wrong: {line}" for line in self.wrong]
        return "\n".join(lines).rstrip() + "\n"


def languages() -> list[str]:
    return sorted(path.parent.name for path in CATALOGUES.glob("*/messages.po"))


@functools.cache
def language(name: str) -> Language:
    with (CATALOGUES / name / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=name)
    entries = {_id(m): m for m in catalog if m.id}
    templates, _ = said()
    complete = {id for id, m in entries.items() if all(_forms(m)) and not m.fuzzy}
    return Language(
        name=name,
        missing=tuple(id for id, its in templates.items() if its[0].has_words and id not in complete),
        obsolete=tuple(id for id in entries if id not in templates),
        wrong=tuple(
            wrong
            for id in complete & templates.keys()
            for form in _forms(entries[id])
            for wrong in _wrong(id, form, room=min((t.room for t in templates[id] if t.room), default=None))
        ),
    )


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _wrong(id: Id, form: str, *, room: int | None) -> Iterator[str]:
    template = id if isinstance(id, str) else id[1]
    optional = set() if isinstance(id, str) else {"n"}
    if set(_NAME.findall(template)) - optional != set(_NAME.findall(form)) - optional:
        yield f"other {{names}}: {form!r} for {template!r}"
    if len(_BOLD.findall(template)) != len(_BOLD.findall(form)):
        yield f"other *bold*: {form!r} for {template!r}"
    if _edges(template) != _edges(form):
        yield f"other spaces around it: {form!r} for {template!r}"
    if room and max(len(form), len(template)) > room:
        yield f"longer than the {room} characters there is room for: {form!r} for {template!r}"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _pasteable(ids: tuple[Id, ...]) -> str:
    """As entries of a `.po` file, with the places that say them."""
    templates, _ = said()
    catalog = Catalog()
    for id in ids:
        at = [t.at.rsplit(":", 1) for t in templates[id] if ":" in t.at]
        catalog.add(id, locations=[(path, int(line)) for path, line in at]).flags.clear()
    out = io.BytesIO()
    write_po(out, catalog, width=0, omit_header=True)
    return out.getvalue().decode()


if __name__ == "__main__":
    for name in sys.argv[1:] or languages():
        sys.stdout.write(str(language(name)))
    for place in said()[1]:
        sys.stdout.write(f"# can't be read; say in DYNAMIC what it may be: {place}\n")
