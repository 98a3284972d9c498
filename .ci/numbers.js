export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const sorted = (values) => values.toSorted((a, b) => a - b);
