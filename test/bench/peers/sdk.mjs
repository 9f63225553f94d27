// The official SDK in a straightforward script: list, create what is missing, rename what is to be renamed.
import { readFileSync } from "node:fs";
import Cloudflare from "cloudflare";
import { eachOf } from "./pool.mjs";

const wanted = JSON.parse(readFileSync(process.argv[2], "utf8"));
const account_id = process.env.CLOUDFLARE_ACCOUNT_ID;
const tunnels = new Cloudflare().zeroTrust.tunnels.cloudflared;

const live = new Map();
for await (const tunnel of tunnels.list({ account_id, is_deleted: false, per_page: 1000 })) {
  live.set(tunnel.name, tunnel);
}
await eachOf(wanted, async ({ name, renamed_from }) => {
  const old = live.get(renamed_from);
  if (live.has(name)) {
    return;
  }
  if (old) {
    await tunnels.edit(old.id, { account_id, name });
  } else {
    await tunnels.create({ account_id, name, config_src: "cloudflare" });
  }
});
