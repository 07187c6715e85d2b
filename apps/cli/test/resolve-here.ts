/** Loaded into the program under test: every name leads to this machine, as no test may ask the network for one. */
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";

type Found = (error: null, address: string | readonly dns.LookupAddress[], family?: number) => void;

const here = (_name: string, options: dns.LookupOptions, found: Found): void => {
  if (options.all === true) found(null, [{ address: "127.0.0.1", family: 4 }]);
  else found(null, "127.0.0.1", 4);
};

Object.assign(dns, { lookup: here });
// Modules that import the function by its name see it too.
syncBuiltinESMExports();
