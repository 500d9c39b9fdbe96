import { useLayoutEffect, type RefObject } from 'react';

/** Where each project's grid was left, for as long as the page lives. */
const positions = new Map<number, number>();

/** Whoever comes back from an image finds the grid where it was. `isFilled`: there is something to scroll. */
export function useKeptScroll(
  grid: RefObject<HTMLElement | null>,
  projectId: number,
  isFilled: boolean,
): void {
  useLayoutEffect(() => {
    const scroller = grid.current?.closest('main');
    if (!scroller || !isFilled) return;
    scroller.scrollTop = positions.get(projectId) ?? 0;
    const keep = () => positions.set(projectId, scroller.scrollTop);
    scroller.addEventListener('scroll', keep);
    return () => scroller.removeEventListener('scroll', keep);
  }, [grid, projectId, isFilled]);
}
