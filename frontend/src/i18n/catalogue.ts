/** The shape that a translated catalogue must have. */

/**
 * The keys of the English catalogue, with texts of one's own. Chinese has one plural form: `_other` stands alone,
 * where English has `_one`, too.
 */
export type Catalogue<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: English[Key] extends string
    ? string
    : Catalogue<English[Key]>;
};
