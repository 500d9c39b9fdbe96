import { createContext, useContext } from 'react';

import type { InferenceClient } from '../../inference/client';
import type { Outbox } from '../../outbox/outbox';
import type { Preferences } from '../../preferences/preferences';
import type { Desk } from '../annotate/desk';
import type { Photos } from '../annotate/photos';
import type { Toasts } from '../kit/toasts';
import type { Uploads } from '../project/uploads';

/** What lives as long as the page; composed in main.tsx. */
export interface Services {
  readonly preferences: Preferences;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly toasts: Toasts;
  readonly inference: InferenceClient;
  readonly desk: Desk;
  readonly photos: Photos;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices needs a ServicesContext around it.');
  return services;
}
