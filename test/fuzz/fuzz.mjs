// `npm run fuzz -- --help`
import { loadBundle, root } from "../support/bundle.mjs";

const { main } = await loadBundle("test/fuzz/main.ts", "fuzz");
process.exitCode = await main(process.argv.slice(2), root);
