// Runs in the page before its own scripts: what each pointer event costs, from the handlers to the last drawn pixel.
// Drawing is finished by reading a pixel back, so the work of a software renderer counts, too.
(() => {
  const probe = { works: [], frames: [], previews: new Set(), isOn: false };
  window.workbenchProbe = probe;

  let began = 0;
  let handled = 0;
  const isOnCanvas = (event) => probe.isOn && event.target.closest?.('[data-tool]');

  function drain() {
    const canvas = document.querySelector('[data-tool] canvas');
    const gl = canvas?.getContext('webgl2');
    gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  // Asked for before the page's own handlers, so it opens the frame that draws what they change.
  let frameBegan = 0;
  for (const type of ['pointermove', 'pointerdown', 'pointerup']) {
    addEventListener(type, (event) => {
      if (!isOnCanvas(event)) return;
      began = performance.now();
      requestAnimationFrame(() => (frameBegan = performance.now()));
    }, { capture: true });
    addEventListener(type, (event) => {
      if (!isOnCanvas(event)) return;
      handled = performance.now() - began;
      requestAnimationFrame(() => {
        drain();
        probe.works.push(handled + performance.now() - frameBegan);
      });
    });
  }

  let last = 0;
  function tick(now) {
    if (probe.isOn && last) probe.frames.push(now - last);
    last = probe.isOn ? now : 0;
    requestAnimationFrame(tick);
  }
  requestAnimationFrame(tick);

  // Every mask under the pointer comes as an array of its own.
  const upload = WebGL2RenderingContext.prototype.texImage2D;
  WebGL2RenderingContext.prototype.texImage2D = function (...values) {
    if (probe.isOn && values[2] === this.R32F && values.at(-1)) probe.previews.add(values.at(-1));
    return upload.apply(this, values);
  };

  probe.start = () => {
    Object.assign(probe, { works: [], frames: [], previews: new Set(), isOn: true, since: performance.now() });
  };
  probe.stop = () => {
    probe.isOn = false;
    const { works, frames, previews, since } = probe;
    return { works, frames, previews: previews.size, seconds: (performance.now() - since) / 1000 };
  };
  // A hand that is faster than any driver: so many moves along the path, in one go.
  probe.move = (path, count) => {
    const canvas = document.querySelector('[data-tool]');
    for (let i = 0; i < count; i++) {
      const at = (i / count) * (path.length - 1);
      const [from, to] = [path[Math.floor(at)], path[Math.ceil(at)]];
      const [clientX, clientY] = from.map((value, axis) => value + (to[axis] - value) * (at % 1));
      const hand = { pointerType: 'mouse', pointerId: 1, buttons: 1, bubbles: true };
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, ...hand }));
    }
  };
  // Milliseconds from the press to candidates on the page.
  probe.untilCandidates = () =>
    new Promise((resolve) => {
      addEventListener('pointerdown', () => {
        const since = performance.now();
        const look = () => {
          if (Number(document.querySelector('[data-candidates]')?.dataset.candidates ?? 0) > 0)
            resolve(performance.now() - since);
          else requestAnimationFrame(look);
        };
        look();
      }, { capture: true, once: true });
    });
})();
