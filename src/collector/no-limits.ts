/** For `readBatch`: what was taken once is not refused later. */
export const noLimits = { attributes: Number.MAX_SAFE_INTEGER, valueBytes: Number.MAX_SAFE_INTEGER } as const;
