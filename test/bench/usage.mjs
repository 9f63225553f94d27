// Loaded into every process that is measured: leaves its CPU time and its largest memory where it is told to.
import { writeFileSync } from "node:fs";

process.on("exit", () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));
