"""WCAG 2.2 AA as far as a program can tell: axe-core in the page, its findings as a test's failure."""

from typing import Any

from playwright.sync_api import Page

from tests.support.server import REPOSITORY

AXE = REPOSITORY / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# Base UI's focus guards are hidden and focusable on purpose: they hand the focus on.
GUARDS = "[data-base-ui-focus-guard]"
RUN = """async ([within, guards, tags]) => {
  const options = { runOnly: tags, resultTypes: ['violations'] };
  return (await axe.run({ include: within, exclude: guards }, options)).violations;
}"""


def expect_accessible(page: Page, within: str = "html") -> None:
    """Fails with every rule that the elements within a CSS selector break, where, and what to do about it."""
    page.evaluate(AXE.read_text())
    violations: list[dict[str, Any]] = page.evaluate(RUN, [within, GUARDS, TAGS])
    assert not violations, "\n\n".join(_report(violation) for violation in violations)


def _report(violation: dict[str, Any]) -> str:
    nodes = "\n".join(f"  {node['html']}\n    {_indented(node['failureSummary'])}" for node in violation["nodes"])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
