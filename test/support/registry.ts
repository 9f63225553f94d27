import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

/** What warren needs at run time, as the lock file has it. */
function locked(): readonly (readonly [path: string, package_: Locked])[] {
  const { packages } = JSON.parse(readFileSync(join(top, "package-lock.json"), "utf8")) as {
    packages: { [path: string]: Locked };
  };
  return Object.entries(packages).filter(([path, { dev }]) => path !== "" && dev !== true);
}

export interface Registry {
  readonly url: string;
  close(): void;
}

/** A registry of npm that knows what warren needs, from `node_modules`, and nothing else: a test asks no network. */
export async function serveRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  const wanted = locked();
  const argv = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const packed = JSON.parse(
    execFileSync("npm", [...argv, ...wanted.map(([path]) => `./${path}`)], { cwd: top, encoding: "utf8" }),
  ) as readonly { name: string; version: string; filename: string; integrity: string }[];

  const server = createServer((request, response) => {
    const asked = decodeURIComponent((request.url ?? "").slice(1));
    const versions = packed.filter(({ name }) => name === asked);
    if (asked.endsWith(".tgz")) {
      response.end(readFileSync(join(folder, asked)));
    } else if (versions.length === 0) {
      response.writeHead(404).end("{}");
    } else {
      const entries = versions.map(({ name, version, filename, integrity }) => {
        const path = wanted.find(
          ([at, its]) => at.endsWith(`node_modules/${name}`) && its.version === version,
        );
        const manifest = JSON.parse(
          readFileSync(join(top, path?.[0] ?? "", "package.json"), "utf8"),
        ) as object;
        return [version, { ...manifest, dist: { tarball: `${url}/${filename}`, integrity } }] as const;
      });
      const latest = versions.at(-1)?.version;
      response.end(
        JSON.stringify({ name: asked, "dist-tags": { latest }, versions: Object.fromEntries(entries) }),
      );
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => void server.close() };
}
