// A sandbox of its own process, for the tests that kill it: creates tunnels one after another over HTTP and prints the
// name of each whose answer has come.
import { serveSandbox } from "../../../src/simulator/serve.ts";

const [stateFile = "", round = ""] = process.argv.slice(2);
const sandbox = await serveSandbox({ stateFile, switches: { quota: null } });
const url = `${sandbox.url}/accounts/${sandbox.accountId}/cfd_tunnel`;
const headers = { authorization: `Bearer ${sandbox.token}`, "content-type": "application/json" };
const worker = async (from: number): Promise<void> => {
  for (let i = from; ; i += 2) {
    const name = `r${round}-${i}`;
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ name }) });
    await answer.text();
    process.stdout.write(`${answer.status} ${name}\n`);
  }
};
await Promise.all([worker(0), worker(1)]);
