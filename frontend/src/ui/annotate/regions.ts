/** The parts of the page by keyboard: what has `data-region`, in the order of the page, round and round. */

const FOCUSABLE =
  'button:enabled, [href], input:enabled, select:enabled, textarea:enabled, [tabindex]:not([tabindex="-1"])';

/** Puts the focus into the next part, or the one before: on the part itself where it can have it. */
export function walkRegions(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const start = at < 0 && by < 0 ? 0 : at;
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(start + by * step + regions.length * 2) % regions.length];
    const target = region && (region.tabIndex >= 0 ? region : region.querySelector<HTMLElement>(FOCUSABLE));
    if (target) {
      target.focus();
      return;
    }
  }
}
