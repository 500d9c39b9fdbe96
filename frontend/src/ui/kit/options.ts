/** One choice of a list: of a Select, a Combobox, a SegmentedControl. */
export interface Option<Value extends string = string> {
  readonly value: Value;
  /** In the language of the page. */
  readonly label: string;
  /** A second line. */
  readonly detail?: string | undefined;
  /** Shown as a swatch before the label. */
  readonly color?: string | undefined;
}
