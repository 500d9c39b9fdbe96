import { useSyncExternalStore } from 'react';

import type { Model } from '../../api/types';
import { useServices } from '../app/services';
import type { Sheet } from './desk';

/** What a sheet works with; null without one. */
export function useSheetModel(sheet: Sheet | null): Model | null {
  const { desk } = useServices();
  return useSyncExternalStore(desk.subscribe, () => sheet?.model ?? null);
}

/** The project's model, while a mask in the making on the sheet still belongs to the one before. */
export function useNextModel(sheet: Sheet | null): Model | null {
  const { desk } = useServices();
  return useSyncExternalStore(desk.subscribe, () => sheet?.nextModel ?? null);
}
