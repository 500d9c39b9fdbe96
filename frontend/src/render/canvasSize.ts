/** Keeps an eye on how many device pixels a canvas covers. */

/** Calls back with exact device pixels whenever they change; returns the way to stop. */
export function observeCanvasSize(
  canvas: HTMLCanvasElement,
  onChange: (width: number, height: number) => void,
): () => void {
  const observer = new ResizeObserver((entries) => {
    const entry = entries.at(-1);
    if (entry) onChange(...devicePixelsOf(entry));
  });
  try {
    observer.observe(canvas, { box: 'device-pixel-content-box' });
  } catch {
    // Safari does not know that box; rounding from CSS pixels is off by one at worst.
    observer.observe(canvas);
  }
  return () => observer.disconnect();
}

function devicePixelsOf(entry: ResizeObserverEntry): [width: number, height: number] {
  const width = Math.round(entry.contentRect.width * devicePixelRatio);
  const height = Math.round(entry.contentRect.height * devicePixelRatio);
  // Absent in Safari, whatever the type says.
  const exact = (entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined)?.[0];
  // It knows how the browser rounded, which is all we need of it: an emulated pixel ratio it does not know.
  if (!exact || Math.abs(exact.inlineSize - width) > 1) return [width, height];
  return [exact.inlineSize, exact.blockSize];
}
