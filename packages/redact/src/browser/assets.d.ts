/** Files that the bundler serves from the page's own origin; the import is their address. */
declare module "*?url" {
  const url: string;
  export default url;
}
