"""The script that draws charts in a browser: Vega, as the renderer of our own charts bundles it.

Pages load it from our own origin when a reader first points at a chart. It is the renderer's
own build, so what a browser draws and what was drawn for the page are the same release. It
carries Vega's expression interpreter, without which a page's policy would have to allow
``unsafe-eval``.
"""

import functools
import hashlib
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
_DIGEST: Final = hashlib.sha256().digest_size
_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
# The interpreter, the expression language and the rest carry the same licence and holder.
_BANNER: Final = (
    "/* Vega {vega}, Vega-Lite {lite}, Vega-Embed {embed} with the libraries they use, bundled by "
    "vl-convert {convert}. Copyright University of Washington Interactive Data Lab and "
    "contributors, BSD-3-Clause, https://github.com/vega/vega/blob/main/LICENSE; D3 copyright "
    "Mike Bostock, ISC, https://github.com/d3/d3/blob/main/LICENSE. */\n"
)


def script(cache: Path | None = None) -> bytes:
    """Give the script, made once for each version of the renderer where there is a *cache*."""
    if cache is None:
        return _made()
    edition = f"{version('vl-convert-python')}\0{_BANNER}\0{_SNIPPET}"
    place = cache / f"renderer-{hashlib.sha256(edition.encode()).hexdigest()[:16]}"
    kept = place.read_bytes() if place.exists() else b""
    if hashlib.sha256(kept[_DIGEST:]).digest() == kept[:_DIGEST]:
        return kept[_DIGEST:]
    made = _made()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as file:
        file.write(hashlib.sha256(made).digest() + made)
    os.replace(file.name, place)
    return made


@functools.cache
def _made() -> bytes:
    """Bundle in a process of its own, as all that the renderer does."""
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "leaderboard.charts.bundle"],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Write the script to standard output."""
    import vl_convert  # type: ignore[import-untyped]

    # The bundler reports its progress on standard output.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    banner = _BANNER.format(
        vega=vl_convert.get_vega_version(),
        lite=version_of_lite(vl_convert.get_vegalite_versions()),
        embed=vl_convert.get_vega_embed_version(),
        convert=version("vl-convert-python"),
    )
    answer.write((banner + vl_convert.javascript_bundle(_SNIPPET)).encode())
    answer.close()


def version_of_lite(known: list[str]) -> str:
    """Name the newest of the Vega-Lite versions, which is the one bundled."""
    return max(known, key=lambda name: tuple(map(int, name.split("."))))


if __name__ == "__main__":
    main()
