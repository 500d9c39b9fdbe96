import type { Exclusive } from './sender';

/**
 * Web Locks: one tab sends, the next takes over the moment it closes. On a page without them (plain HTTP on a network)
 * every tab sends; idempotency keys make that safe, only wasteful.
 */
export function oneTabAtATime(name: string): Exclusive {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (!locks) return (work) => work();
  return async (work, signal) => {
    try {
      await locks.request(`${name}-sender`, { signal }, work);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}
