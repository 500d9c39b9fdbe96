/** What the save indicator says, from what the outbox knows. */
import type { Message } from '../../i18n/message';
import type { OutboxState } from '../../outbox/outbox';

export interface SaveText {
  readonly tone: 'good' | 'busy' | 'away' | 'bad';
  readonly text: Message;
  readonly hint: Message;
}

export function saveTextOf({ waiting, unstored, refusals, phase, failure }: OutboxState): SaveText {
  if (failure !== null) return failed(failure, unstored);
  if (refusals.length > 0) {
    const text: Message = { key: 'durability:refused', values: { count: refusals.length } };
    return { tone: 'bad', text, hint: { key: 'durability:refusedHint' } };
  }
  if (waiting === 0) {
    return { tone: 'good', text: { key: 'durability:allSaved' }, hint: { key: 'durability:allSavedHint' } };
  }
  const values = { count: waiting };
  const hint: Message = { key: 'durability:keptHint' };
  switch (phase) {
    case 'offline':
      return { tone: 'away', text: { key: 'durability:offlineWaiting', values }, hint };
    case 'waiting':
      return { tone: 'away', text: { key: 'durability:busyWaiting', values }, hint };
    case 'idle':
    case 'sending':
      return { tone: 'busy', text: { key: 'durability:saving', values }, hint };
  }
}

function failed(reason: Message, unstored: number): SaveText {
  const values = { reason };
  if (unstored === 0) {
    const hint: Message = { key: 'durability:stoppedHint', values };
    return { tone: 'bad', text: { key: 'durability:stopped' }, hint };
  }
  const text: Message = { key: 'durability:notStored', values: { count: unstored } };
  return { tone: 'bad', text, hint: { key: 'durability:notStoredHint', values } };
}
