import { useQueryClient } from '@tanstack/react-query';

import { errorOf } from '../../i18n';
import type { Decision, Refusal } from '../../outbox/refusals';
import { annotationsKey } from '../annotate/desk';
import { useServices } from './services';

/** Carries a decision out, and brings the image up to what it has made of it. */
export function useDecide({ entry }: Refusal): (decision: Decision) => void {
  const { outbox, desk, toasts } = useServices();
  const queries = useQueryClient();
  const { imageId } = entry.mutation;
  const carryOut = async (decision: Decision) => {
    await outbox.decide(entry.seq, decision);
    await queries.invalidateQueries({ queryKey: annotationsKey(imageId), refetchType: 'none' });
    await desk.refresh(imageId);
  };
  return (decision) => {
    carryOut(decision).catch((error: unknown) => toasts.bad(errorOf(error)));
  };
}
