import { lstat, open } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApiOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { exportTunnels } from "../commands/export.ts";
import { errorCode, whyUnwritable } from "../files/file-error.ts";
import { modeline } from "../files/modeline.ts";
import { DEFAULT_FILE, DEFAULT_FILES } from "../files/find-files.ts";
import type { Io } from "../io.ts";
import { EXIT, type ExitCode, UserError } from "../user-error.ts";

export interface InitOptions extends ApiOptions {
  readonly fromAccount: boolean;
}

/** Writes a first `tunnels.yaml`: an example, or what `export` prints. Throws `UserError` where there is one. */
export async function init(run: Run<InitOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  await refuseExisting(io);
  let text = `${modeline(io.cwd)}\n${EXAMPLE}`;
  let code: ExitCode = EXIT.done;
  if (options.fromAccount) {
    const result = (file: string) => {
      text = printer.redact(file);
    };
    code = await exportTunnels({
      ...run,
      options: { ...options, format: "text", kind: [], with: [], zone: [], pinIds: false },
      printer: { ...printer, result },
    });
  }
  try {
    const file = await open(resolve(io.cwd, DEFAULT_FILE), "wx");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw errorCode(error) === "EEXIST"
      ? exists(DEFAULT_FILE)
      : new UserError(
          "file_unwritable",
          `${DEFAULT_FILE} cannot be written: ${whyUnwritable(error, DEFAULT_FILE)}.`,
          { file: DEFAULT_FILE },
        );
  }
  const next = options.fromAccount ? "warren plan finds nothing to do" : "edit it, then warren plan";
  printer.result(`Wrote ${DEFAULT_FILE}. Next: ${next}.\n`);
  return code;
}

async function refuseExisting({ cwd }: Io): Promise<void> {
  for (const path of DEFAULT_FILES) {
    // A link that leads nowhere counts, too.
    const there = await lstat(resolve(cwd, path)).then(
      () => true,
      (error: unknown) => errorCode(error) !== "ENOENT",
    );
    if (there) {
      throw exists(path);
    }
  }
}

function exists(path: string): UserError {
  return new UserError("file_exists", `${path} is there already, and stays as it is.`, { file: path });
}

const EXAMPLE = `version: 1
# The account, or a variable that holds it. Without this line: CLOUDFLARE_ACCOUNT_ID.
# account_id: \${CLOUDFLARE_ACCOUNT_ID}

cfd_tunnel:
  # A tunnel by its name. Run its connector on the token that \`warren token example\` prints.
  example:
    ingress:
      - hostname: app.example.com
        service: http://localhost:8080
      # What no rule above serves.
      - service: http_status:404
    # A DNS record for each hostname above: the token needs Zone > DNS: Edit. Without this line DNS is left alone.
    dns: ingress

# Names, or globs, that no plan may delete or rename.
# protected: [example]
`;
