// `npm run simulate -- --help`
import { loadSimulation } from "./bundle.mjs";

const { main, file } = await loadSimulation();
process.exitCode = await main(process.argv.slice(2), file);
