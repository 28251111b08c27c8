/** Names that the formats can hold bare: of metrics, and of labels, which have no colon. */
const bareName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const bareLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export const isBareName = (name: string): boolean => bareName.test(name);
export const isBareLabel = (name: string): boolean => bareLabel.test(name);
