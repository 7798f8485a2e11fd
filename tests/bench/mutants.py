"""Mutants of a module: its syntax tree with one small thing changed, one at a time."""

import ast
import copy
from dataclasses import dataclass

COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where, what it was and what it became, and the whole module with it."""

    line: int
    was: str
    became: str
    tree: ast.Module


def _changes(node):  # noqa: PLR0912  # one branch a kind of change
    """Yield functions that change a copy of this node in one way each, or give another for it."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in COMPARED:
                yield lambda it, place=place, op=op: it.ops.__setitem__(place, COMPARED[type(op)]())
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield lambda it: setattr(it, "op", other())
        for place in range(len(node.values)):  # one of the conditions is forgotten
            yield lambda it, place=place: it.values.pop(place) and None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda it: it.operand
    if isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        yield lambda it: setattr(it, "op", COMPUTED[type(it.op)]())
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield lambda it: setattr(it, "value", not it.value)
        elif isinstance(node.value, int):
            yield lambda it: setattr(it, "value", it.value + 1)
        elif isinstance(node.value, str):
            yield lambda it: setattr(it, "value", f"XX{it.value}")
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield lambda it: setattr(it, "value", ast.Constant(None))
    if isinstance(node, ast.If | ast.IfExp):
        yield lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
    if isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield lambda _: ast.Pass()
    if isinstance(node, ast.comprehension) and node.ifs:
        yield lambda it: it.ifs.clear()
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if called.endswith(".where"):  # a query without one of its conditions
        for place in range(len(node.args)):
            yield lambda it, place=place: it.args.pop(place) and None
    if called in {"any", "all"}:
        turned = "all" if called == "any" else "any"
        yield lambda it: setattr(it.func, "id", turned)


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def _places(tree):
    """Yield (how to reach it, node) of everything that runs: no docstrings, no annotations."""
    waiting = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "type_comment"}:
                continue
            children = value if isinstance(value, list) else [value]
            for place, child in enumerate(children):
                if not isinstance(child, ast.AST) or _is_said(child):
                    continue
                waiting.append(((*path, (name, place if isinstance(value, list) else None)), child))


def _is_said(node):
    """Whether a statement is a text for readers: a docstring, also one below a name."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _reach(tree, path):
    node = tree
    for name, place in path:
        found = getattr(node, name)
        node = found if place is None else found[place]
    return node


def _put(tree, path, new):
    *before, (name, place) = path
    parent = _reach(tree, before)
    if place is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[place] = new


def of(source):
    """Return every mutant of a source, in the order of its lines."""
    tree, found = ast.parse(source), []
    for path, node in _places(tree):
        for change in _changes(node):
            mutated = copy.deepcopy(tree)
            target = _reach(mutated, path)
            new = change(target)
            if new is not None:
                _put(mutated, path, new)
            shown = new if new is not None else target
            ast.fix_missing_locations(mutated)
            line = getattr(node, "lineno", None) or getattr(node.target, "lineno", 0)
            found.append(Mutant(line, _short(node), _short(shown), mutated))
    return sorted(found, key=lambda it: it.line)


def _short(node):
    return " ".join(ast.unparse(node).split())[:90]
