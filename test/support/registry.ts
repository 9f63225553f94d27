import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));

interface Package {
  readonly name: string;
  readonly version: string;
}

/** What warren needs at run time, as the lock file has it: by the file of each tarball, where the package is. */
function installed(): ReadonlyMap<string, { readonly path: string; readonly manifest: Package }> {
  const { packages } = JSON.parse(readFileSync(join(top, "package-lock.json"), "utf8")) as {
    packages: { [path: string]: { readonly dev?: boolean } };
  };
  const paths = Object.keys(packages).filter((path) => path !== "" && packages[path]?.dev !== true);
  return new Map(
    paths.map((name) => {
      const path = join(top, name);
      const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Package;
      return [`${manifest.name.replace("/", "-")}-${manifest.version}.tgz`, { path, manifest }];
    }),
  );
}

export interface Registry {
  readonly url: string;
  close(): void;
}

/** A registry of npm that knows what warren needs, from `node_modules`, and nothing else: a test asks no network. */
export async function serveRegistry(): Promise<Registry> {
  const known = installed();
  const server = createServer((request, response) => {
    const asked = decodeURIComponent((request.url ?? "").slice(1));
    const tarball = known.get(asked);
    if (tarball !== undefined) {
      // Not by `npm pack`: npm 10 runs a package's `prepare` even when told to run no scripts.
      const { path } = tarball;
      const argv = ["-czf", "-", "--exclude", `${basename(path)}/node_modules`, basename(path)];
      response.end(execFileSync("tar", argv, { cwd: dirname(path), maxBuffer: 2 ** 26 }));
      return;
    }
    const versions = [...known].filter(([, { manifest }]) => manifest.name === asked);
    const entries = versions.map(([file, { manifest }]) => [
      manifest.version,
      { ...manifest, dist: { tarball: `${url}/${file}` } },
    ]);
    const latest = versions.at(-1)?.[1].manifest.version;
    response.writeHead(latest === undefined ? 404 : 200);
    response.end(
      JSON.stringify({ name: asked, "dist-tags": { latest }, versions: Object.fromEntries(entries) }),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => void server.close() };
}
