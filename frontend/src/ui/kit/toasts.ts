import { inEnglish } from '../../i18n/english';
import type { Sayable } from '../../i18n/message';

/** Short messages in a corner of the page. A message about a failure says what to do, and stays until it is closed. */
export interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: ToastText;
  readonly action?: { readonly label: ToastText; readonly run: () => void } | undefined;
}

/** A message or an error is said in whatever language the page has while it is shown; a string is said already. */
export type ToastText = string | Sayable;

const GOOD_NEWS_MS = 4000;

export class Toasts {
  private list: readonly Toast[] = [];
  private nextId = 1;
  private readonly listeners = new Set<() => void>();

  readonly getList = (): readonly Toast[] => this.list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  good(text: ToastText): void {
    const id = this.add({ tone: 'good', text });
    setTimeout(() => this.close(id), GOOD_NEWS_MS);
  }

  /** The same message is shown once, however often it comes. */
  bad(text: ToastText, action?: Toast['action']): void {
    if (!this.list.some((toast) => isSame(toast.text, text))) this.add({ tone: 'bad', text, action });
  }

  readonly close = (id: number): void => {
    this.set(this.list.filter((toast) => toast.id !== id));
  };

  private add(toast: Omit<Toast, 'id'>): number {
    const id = this.nextId++;
    this.set([...this.list, { ...toast, id }]);
    return id;
  }

  private set(list: readonly Toast[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

const wordsOf = (text: ToastText): string => (typeof text === 'string' ? text : inEnglish(text));

const isSame = (a: ToastText, b: ToastText): boolean => wordsOf(a) === wordsOf(b);
