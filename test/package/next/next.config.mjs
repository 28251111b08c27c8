export default { serverExternalPackages: ['meterbridge'], turbopack: { root: import.meta.dirname } };
