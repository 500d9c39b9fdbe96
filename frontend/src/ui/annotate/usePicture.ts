import { useEffect, useRef, useState, type RefObject } from 'react';

import { errorOf, type Sayable } from '../../i18n';
import { sceneOf } from '../../render/editorScene';
import { Renderer } from '../../render/renderer';
import { useServices } from '../app/services';
import type { Sheet } from './desk';
import type { View } from './view';

export interface Picture {
  readonly isShown: boolean;
  /** Why the photo cannot be drawn. */
  readonly error: Sayable | null;
  /** False where only a reload can help. */
  readonly isRetryable: boolean;
  readonly retry: () => void;
}

/** Draws the sheet into the container: one renderer for as long as the page lives, fed at every change. */
export function usePicture(
  container: RefObject<HTMLDivElement | null>,
  sheet: Sheet | null,
  view: View,
): Picture {
  const [renderer, setRenderer] = useState<Renderer | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    const parent = container.current;
    if (!parent) return;
    return mountRenderer(parent, setRenderer, setFailure);
  }, [container]);
  useBackdrop(renderer, container);
  useScene(renderer, sheet, view);
  const photo = usePhoto(renderer, sheet);
  if (failure === null) return photo;
  const error = { key: 'annotate:trouble.graphics', values: { reason: failure } } as const;
  return { isShown: false, error, isRetryable: false, retry: () => location.reload() };
}

/** The canvas element is made here, not by React: a renderer that is disposed takes its canvas with it. */
function mountRenderer(
  parent: HTMLElement,
  onRenderer: (renderer: Renderer | null) => void,
  onError: (error: Error) => void,
): () => void {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'display: block; width: 100%; height: 100%';
  parent.append(canvas);
  let renderer: Renderer | null = null;
  try {
    renderer = new Renderer(canvas, { onError });
  } catch (error) {
    onError(errorOf(error));
  }
  onRenderer(renderer);
  return () => {
    renderer?.dispose();
    canvas.remove();
    onRenderer(null);
  };
}

/** Around the photo is the colour that CSS gives the container, also when the theme changes. */
function useBackdrop(renderer: Renderer | null, container: RefObject<HTMLDivElement | null>): void {
  const { preferences } = useServices();
  useEffect(() => {
    const element = container.current;
    if (!renderer || !element) return;
    const follow = () => renderer.setBackdrop(hexOf(getComputedStyle(element).backgroundColor));
    const system = matchMedia('(prefers-color-scheme: dark)');
    const stop = preferences.subscribe(follow);
    system.addEventListener('change', follow);
    follow();
    return () => {
      stop();
      system.removeEventListener('change', follow);
    };
  }, [renderer, container, preferences]);
}

/** `rgb(10, 12, 15)`, as a browser says it, to `#0a0c0f`. */
function hexOf(color: string): string {
  const channels = color.match(/\d+/g) ?? [];
  return `#${channels
    .slice(0, 3)
    .map((channel) => Number(channel).toString(16).padStart(2, '0'))
    .join('')}`;
}

function useScene(renderer: Renderer | null, sheet: Sheet | null, view: View): void {
  const { preferences } = useServices();
  useEffect(() => {
    if (!renderer || !sheet) return;
    const { editor, image } = sheet;
    const draw = () => {
      const { viewport, pointer } = view.getState();
      const snapshot = editor.getSnapshot();
      const { outline_only: outlineOnly, crosshair: isCrossed, mask_opacity, photo } = preferences.get();
      const crosshair = isCrossed && snapshot.tool.id === 'prompt' ? pointer : null;
      const look = { maskOpacity: mask_opacity, outlineOnly, adjustments: photo, pointer, crosshair };
      renderer.setScene(sceneOf(snapshot, { imageSize: image, view: viewport, ...look }));
    };
    const stops = [editor.subscribe(draw), view.subscribe(draw), preferences.subscribe(draw)];
    draw();
    return () => {
      for (const stop of stops) stop();
      renderer.setScene(null);
    };
  }, [renderer, sheet, view, preferences]);
}

function usePhoto(renderer: Renderer | null, sheet: Sheet | null): Picture {
  const { photos } = useServices();
  const [shown, setShown] = useState<{ sheet: Sheet; error: Error | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const wanted = useRef(sheet);
  useEffect(() => {
    wanted.current = sheet;
    if (!renderer || !sheet) return;
    const settle = (error: Error | null) => setShown({ sheet, error });
    photos.get(sheet.image).then(
      (photo) => {
        if (wanted.current !== sheet) return;
        renderer.setPhoto(photo);
        settle(null);
      },
      (error: unknown) => {
        if (wanted.current === sheet) settle(errorOf(error));
      },
    );
    return () => renderer.setPhoto(null);
  }, [renderer, sheet, photos, attempt]);
  const own = shown?.sheet === sheet ? shown : null;
  return {
    isShown: own !== null && own.error === null,
    error: own?.error ?? null,
    isRetryable: true,
    retry: () => setAttempt(attempt + 1),
  };
}
