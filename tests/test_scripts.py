"""Modules joined into scripts: each once, in order, with its names to itself."""

import pytest

from leaderboard.site import scripts

STATE = """// What is chosen.
let current = 1; // not by others
export function read() {
  return current;
}
export const STEP = 2;
"""
SITE = """import { read as now } from "./state.js";
import "./search.js";

let current = now();
"""
LATE = """import {STEP, read} from "./state.js";

export async function open() {
  return read() + STEP;
}
"""
BODIES = {"state.js": STATE, "site.js": SITE, "search.js": "start();\n", "late.js": LATE}


def test_a_module_is_in_the_first_script_that_needs_it_before_its_importers():
    assert scripts.modules(BODIES, ("site.js", "late.js")) == {
        "site.js": ["state.js", "search.js", "site.js"],
        "late.js": ["late.js"],
    }


def test_a_joined_script_holds_its_modules_each_in_a_function():
    found = scripts.modules(BODIES, ("site.js", "late.js"))
    assert scripts.joined("site.js", found, BODIES) == (
        """const $state = (() => {
let current = 1; // not by others
function read() {
  return current;
}
const STEP = 2;
return { read, STEP };
})();
const $search = (() => {
start();
return {  };
})();
const $site = (() => {
const { read: now } = $state;

let current = now();
return {  };
})();
export { $state, $search, $site };
"""
    )


def test_a_later_script_imports_what_an_earlier_one_holds():
    found = scripts.modules(BODIES, ("site.js", "late.js"))
    assert scripts.joined("late.js", found, BODIES) == (
        """import { $state } from "./site.js";
const $late = (() => {
const {STEP, read} = $state;

async function open() {
  return read() + STEP;
}
return { open };
})();
export { $late };
export const { open } = $late;
"""
    )


@pytest.mark.parametrize("text", ['import "./site.js";\n', 'import "./gone.js";\n'])
def test_a_circle_or_a_missing_module_is_an_error(text: str):
    with pytest.raises(ValueError, match="circle, or no such script"):
        scripts.modules({"site.js": text}, ("site.js",))


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        "export let changing = 1;\n",
        'import * as all from "./state.js";\n',
        'import "./state.js"; start();\n',
    ],
)
def test_what_cannot_be_joined_is_an_error(text: str):
    bodies = {"site.js": text}
    with pytest.raises(ValueError, match="cannot be joined"):
        scripts.joined("site.js", scripts.modules(bodies, ("site.js",)), bodies)
