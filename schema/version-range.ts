/** Of the number of a version. */
export const VERSION_RANGE = { minimum: 1, maximum: 2_147_483_647 } as const;
