/** Numbers, sizes, durations and dates as a language writes them. */
import type { Language } from './language';

export interface Formats {
  /** "1,024" */
  readonly number: (value: number) => string;
  /** 0.5 is "50%" */
  readonly percent: (fraction: number) => string;
  /** Milliseconds: "840 ms", "1.2 sec" */
  readonly duration: (ms: number) => string;
  /** Bytes in decimal units: "41 MB", "2.6 GB" */
  readonly bytes: (size: number) => string;
  /** "22 Nov 2026, 15:20" */
  readonly date: (date: Date) => string;
}

const unit = (language: Language, name: string, digits: number) =>
  new Intl.NumberFormat(language, { style: 'unit', unit: name, maximumFractionDigits: digits });

/** Building the formatters of `Intl` is slow, so one set is made per language. */
export function formatsOf(language: Language): Formats {
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const milliseconds = unit(language, 'millisecond', 0);
  const seconds = unit(language, 'second', 1);
  const megabytes = unit(language, 'megabyte', 0);
  const gigabytes = unit(language, 'gigabyte', 1);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    number: (value) => number.format(value),
    percent: (fraction) => percent.format(fraction),
    duration: (ms) => (ms < 1000 ? milliseconds.format(ms) : seconds.format(ms / 1000)),
    bytes: (size) =>
      size < 1e9 ? megabytes.format(Math.max(1, Math.round(size / 1e6))) : gigabytes.format(size / 1e9),
    date: (value) => date.format(value),
  };
}
