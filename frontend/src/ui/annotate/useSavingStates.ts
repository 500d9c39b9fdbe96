import { useEffect, useState } from 'react';

import type { Entry } from '../../outbox/entry';
import type { Outbox } from '../../outbox/outbox';
import { useServices } from '../app/services';
import type { SavingState } from './objectFilter';

export type SavingStates = ReadonlyMap<string, SavingState>;

const ALL_SAVED: SavingStates = new Map();

/** Of the image's masks, by id: what the server does not have as it is here, as the outbox goes on. */
export function useSavingStates(imageId: number): SavingStates {
  const { outbox } = useServices();
  const [states, setStates] = useState({ imageId, of: ALL_SAVED });
  useEffect(() => followSaving(outbox, imageId, (of) => setStates({ imageId, of })), [outbox, imageId]);
  return states.imageId === imageId ? states.of : ALL_SAVED;
}

function followSaving(outbox: Outbox, imageId: number, onChange: (states: SavingStates) => void): () => void {
  let [isOver, asked] = [false, 0];
  const read = async (): Promise<void> => {
    const own = (asked += 1);
    const states = savingStatesOf(await outbox.ofImage(imageId));
    if (!isOver && own === asked) onChange(states);
  };
  const stop = outbox.subscribe(() => void read());
  void read();
  return () => {
    isOver = true;
    stop();
  };
}

/** What was refused stays so until a person has decided, whatever waits behind it. */
function savingStatesOf(entries: readonly Entry[]): SavingStates {
  if (entries.length === 0) return ALL_SAVED;
  const states = new Map<string, SavingState>();
  for (const { mutation, rejection } of entries) {
    const before = states.get(mutation.annotationId);
    if (before === undefined || before === 'unsaved') states.set(mutation.annotationId, stateOf(rejection));
  }
  return states;
}

function stateOf(rejection: Entry['rejection']): SavingState {
  if (!rejection) return 'unsaved';
  return rejection.current ? 'conflict' : 'refused';
}
