/** Which categories of a project were worked with last in this browser. */

const keyOf = (projectId: number): string => `maskloop.recent-categories.${projectId}`;
const KEPT = 30;

/** Ids, the latest first. */
export function recentCategories(projectId: number): readonly number[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(keyOf(projectId)) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
  } catch {
    return []; // Forbidden, or not ours.
  }
}

export function noteCategory(projectId: number, id: number): void {
  const ids = [id, ...recentCategories(projectId).filter((other) => other !== id)].slice(0, KEPT);
  try {
    localStorage.setItem(keyOf(projectId), JSON.stringify(ids));
  } catch {
    return; // Full or forbidden: the order is a comfort.
  }
}
