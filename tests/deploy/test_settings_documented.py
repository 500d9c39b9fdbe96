"""docs/deploy.md lists every setting as the code has it."""

import re

from maskloop.settings import Settings
from tests.deploy.compose import REPOSITORY


def written(default: object) -> str:
    return {"None": "none", "()": "none", "True": "true", "False": "false"}.get(str(default), str(default))


def test_the_table_of_settings_is_that_of_the_code():
    section = (REPOSITORY / "docs" / "deploy.md").read_text().partition("## Settings")[2]
    documented = re.findall(r"^\| `MASKLOOP_.*\|$", section, re.MULTILINE)
    actual = [
        f"| `MASKLOOP_{name.upper()}` | `{written(field.default)}` | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    assert documented == actual
