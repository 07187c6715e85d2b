declare module "libheif-js/libheif-wasm/libheif-bundle.mjs" {
  /** Answers the library, or a promise of it. */
  const load: () => unknown;
  export default load;
}
