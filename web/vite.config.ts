import { defineConfig } from "vite";

/** Built files are committed: nothing here may depend on the machine or the time. */
export default defineConfig({
  build: {
    outDir: "../search/static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the server's policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    minify: "terser", // 4 % smaller than esbuild's
    terserOptions: { ecma: 2020, module: true, compress: { passes: 2 } },
    rollupOptions: {
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
  css: { modules: { generateScopedName: "[name]_[local]" } },
  server: {
    proxy: { "/api": "http://127.0.0.1:8000" },
  },
});
