// alchemy with its Tunnel resource and its state in files. It compares with that state and not with the account, and
// a new name is a new tunnel to it: the old one is deleted.
import { readFileSync } from "node:fs";
import alchemy from "alchemy";
import { Tunnel } from "alchemy/cloudflare";
import { eachOf } from "./pool.mjs";

const wanted = JSON.parse(readFileSync(process.argv[2], "utf8"));
const app = await alchemy("bench", { password: "not a secret", quiet: true, noTrack: true });
await eachOf(wanted, ({ name, renamed_from }) =>
  Tunnel(renamed_from ?? name, { name, configSrc: "cloudflare" }),
);
await app.finalize();
