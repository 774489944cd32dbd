"""The modules of ``static/`` joined into the few scripts that pages load.

A script is an entry and every module it imports, save those of the scripts before it, which it
imports from there: so a page loads one script, another only when it is needed, and no module
ever runs twice. Each module keeps its names to itself in a function of its own, as browsers
keep a module's. Lines that are comments alone are left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

ENTRIES: Final = ("site.js", "chart.js", "dialog.js", "exporting.js", "compare.js")
"""The scripts that the site serves, each before those that import from it."""
_IMPORT: Final = re.compile(
    r"""^import (?:\{(?P<names>[^{}]*)\} from )?"\./(?P<module>[a-z0-9-]+\.js)";\n""", re.MULTILINE
)
_EXPORT: Final = re.compile(
    r"^export (?=(?:async )?(?:function|const|class) (?P<name>[\w$]+))", re.MULTILINE
)
_LEFT: Final = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_COMMENT: Final = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)


def modules(bodies: Mapping[str, str], entries: tuple[str, ...] = ENTRIES) -> dict[str, list[str]]:
    """Give the modules of each script, those before their importers.

    Raises `ValueError` where modules import each other in a circle or import what is not there.
    """
    scripts: dict[str, list[str]] = {}
    for entry in entries:
        earlier = {name for script in scripts.values() for name in script}
        scripts[entry] = [name for name in _reached(entry, bodies, ()) if name not in earlier]
        scripts[entry] = list(dict.fromkeys(scripts[entry]))
    return scripts


def joined(name: str, scripts: Mapping[str, list[str]], bodies: Mapping[str, str]) -> str:
    """Join a script's modules; what it needs of other scripts it imports by their plain names.

    It exports what its entry exports, and for other scripts an object of each module's exports:
    ``$state`` for ``state.js``. Raises `ValueError` at an import or export that is written in a
    form this does not know.
    """
    home = {module: script for script, found in scripts.items() for module in found}
    needed: dict[str, set[str]] = {}
    for module in scripts[name]:
        for imported in _IMPORT.finditer(bodies[module]):
            script = home[imported["module"]]
            if script != name:
                needed.setdefault(script, set()).add(_scope(imported["module"]))
    parts = [
        f'import {{ {", ".join(sorted(needed[script]))} }} from "./{script}";\n'
        for script in sorted(needed)
    ]
    parts += [_enclosed(module, bodies[module]) for module in scripts[name]]
    parts.append(f"export {{ {', '.join(map(_scope, scripts[name]))} }};\n")
    if exported := _exported(bodies[name]):
        parts.append(f"export const {{ {', '.join(exported)} }} = {_scope(name)};\n")
    return "".join(parts)


def _reached(name: str, bodies: Mapping[str, str], importers: tuple[str, ...]) -> Iterator[str]:
    if name in importers or name not in bodies:
        raise ValueError(f"{' -> '.join((*importers, name))}: a circle, or no such script")
    for imported in _IMPORT.finditer(bodies[name]):
        yield from _reached(imported["module"], bodies, (*importers, name))
    yield name


def _enclosed(name: str, body: str) -> str:
    text = _IMPORT.sub(_taken, _COMMENT.sub("", body))
    text = _EXPORT.sub("", text)
    if left := _LEFT.search(text):
        raise ValueError(f"{name}: {text[left.start() :].splitlines()[0]}: cannot be joined")
    given = ", ".join(_exported(body))
    return f"const {_scope(name)} = (() => {{\n{text}return {{ {given} }};\n}})();\n"


def _taken(imported: re.Match[str]) -> str:
    """Turn an import into a declaration; nothing of it is left where no name is taken."""
    names = imported["names"]
    if names is None:
        return ""
    return f"const {{{names.replace(' as ', ': ')}}} = {_scope(imported['module'])};\n"


def _exported(body: str) -> list[str]:
    return [match["name"] for match in _EXPORT.finditer(body)]


def _scope(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
