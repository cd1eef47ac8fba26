"""One script is made of several modules."""

from __future__ import annotations

import pytest

from lifecycle.page.linking import linked, modules


def test_what_is_imported_stands_first() -> None:
    made = linked(
        "main",
        {
            "main": 'import { two } from "./a.js";\ntwo();\n',
            "a": "export function two() {}\n",
        },
    )
    assert made == '(() => {\n"use strict";\nfunction two() {}\ntwo();\n})();\n'


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (
            {"main": 'import { a } from "./a.js";\n', "a": 'import { b } from "./main.js";\n'},
            "does not export",
        ),
        (
            {
                "main": 'import { a } from "./a.js";\nexport const b = 1;\n',
                "a": 'import { b } from "./main.js";\nexport const a = 1;\n',
            },
            "circle: main → a → main",
        ),
        ({"main": 'import * as a from "./a.js";\n'}, "cannot be linked"),
        (
            {
                "main": 'import { a } from "./a.js";\nconst b = 1;\n',
                "a": "export const a = 1;\nlet b;\n",
            },
            "both define b",
        ),
    ],
)
def test_modules_that_cannot_be_linked_are_told(sources: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        linked("main", sources)


def test_the_modules_of_the_page_can_be_linked() -> None:
    assert linked("main", modules()).startswith("(() => {")
