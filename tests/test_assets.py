"""Assets: names follow content, imports follow names."""

import base64
import hashlib
from pathlib import Path

import pytest

from leaderboard.site.assets import assets


def test_a_script_imports_others_by_their_published_names(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import {b} from "./b.js"; import("./b.js");')
    (tmp_path / "b.js").write_text("export const b = 1;")
    named = assets(tmp_path, {})
    name = Path(named["b.js"].path).name
    assert named["a.js"].body.decode() == f'import {{b}} from "./{name}"; import("./{name}");'


def test_a_change_anywhere_below_changes_the_importers_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import "./b.js";')
    (tmp_path / "b.js").write_text("1;")
    before = assets(tmp_path, {})["a.js"].path
    (tmp_path / "b.js").write_text("2;")
    assert assets(tmp_path, {})["a.js"].path != before


def test_the_integrity_is_that_of_the_published_bytes(tmp_path: Path) -> None:
    asset = assets(tmp_path, {"made.css": b"p{}"})["made.css"]
    digest = base64.b64encode(hashlib.sha384(asset.body).digest()).decode()
    assert asset.integrity == f"sha384-{digest}"


@pytest.mark.parametrize("text", ['import "./a.js";', 'import "./gone.js";'])
def test_a_circle_or_a_missing_script_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.js").write_text(text)
    with pytest.raises(ValueError, match="circle, or no such script"):
        assets(tmp_path, {})
