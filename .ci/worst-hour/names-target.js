// Metrics with whatever names, labels and help texts they are to have.

export function prepare({ registry }) {
  return {
    calls: {
      /** Has these gauges, of one series each, and no other. */
      make(gauges) {
        registry.clear();
        for (const { name, help, labels, value } of gauges) {
          registry
            .gauge({ name, help, labelNames: Object.keys(labels) })
            .labels(...Object.values(labels))
            .set(Number(value));
        }
      },
    },
  };
}
