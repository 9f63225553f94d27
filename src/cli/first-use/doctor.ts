import { version } from "node:process";
import packageJson from "../../../package.json" with { type: "json" };
import { ApiError } from "../../cloudflare/error.ts";
import { kinds } from "../../kinds/index.ts";
import { documentOf, toJson } from "../../render/json/json.ts";
import { type Check, renderChecks } from "../../render/text/doctor.ts";
import { problemsJson } from "../../render/text/problem.ts";
import { apiErrorWords } from "../../render/words/error.ts";
import { toText } from "../../render/words/sentence.ts";
import type { ApiOptions, FileOptions } from "../args/options.ts";
import type { Run } from "../command.ts";
import { findFiles } from "../files/find-files.ts";
import type { Io } from "../io.ts";
import { readDesiredState } from "../planning/make-plan.ts";
import { chooseAccount, readCredentials } from "../session/environment.ts";
import { openSession, type Session } from "../session/session.ts";
import { EXIT, type ExitCode, FileProblems, UserError } from "../user-error.ts";

export interface DoctorOptions extends FileOptions, ApiOptions {}

/** Milliseconds by which this clock may be off before it is worth a word. */
const CLOCK_TOLERANCE = 60_000;

/** Looks whether what plan and apply need is there, one thing after another. Sends GETs only. */
export async function doctor(run: Run<DoctorOptions>): Promise<ExitCode> {
  const { options, printer, io } = run;
  const checks: Check[] = [checkNode()];
  const file = await checkFile(options, io);
  checks.push(file.check);
  const access = options.sandbox ? [] : checkAccess(options, file.accountId, io);
  checks.push(...access);
  if (access.every(({ status }) => status === "ok")) {
    checks.push(...(await checkApi(run, file)));
  }
  const ok = checks.every(({ status }) => status !== "failed");
  printer.result(options.format === "json" ? toJson(documentOf({ ok, checks })) : renderChecks(checks));
  return ok ? EXIT.done : EXIT.failed;
}

/** Exported for tests: no test can run on a Node that is too old. */
export function checkNode(running = version): Check {
  const needed = packageJson.engines.node.replace(">=", "");
  const isOld = running.slice(1).localeCompare(needed, "en", { numeric: true }) < 0;
  return isOld
    ? failed("node", `Node ${running.slice(1)} is too old.`, `Install Node ${needed} or later.`)
    : passed("node", `Node ${running.slice(1)}`);
}

interface FileCheck {
  readonly check: Check;
  /** What the file needs; every kind where there is no file that can be read. */
  readonly kinds: readonly string[];
  readonly accountId: string | null;
}

async function checkFile(options: DoctorOptions, io: Io): Promise<FileCheck> {
  const unknown = { kinds: kinds.map(({ kind }) => kind), accountId: null };
  try {
    const files = await findFiles(options.file, io);
    const {
      kinds: needed,
      account_id: accountId,
      entries,
    } = await readDesiredState({ ...options, anyAccount: options.sandbox }, io);
    const { length } = entries;
    const count = `${length} ${length === 1 ? "entry" : "entries"}`;
    return { check: passed("file", `${files.join(", ")}: ${count}`), kinds: needed, accountId };
  } catch (error) {
    if (error instanceof FileProblems) {
      const [first] = problemsJson(error.problems);
      const count = error.problems.length;
      const what = `${first?.file}:${first?.line}: ${first?.message}${count === 1 ? "" : ` (and ${count - 1} more)`}`;
      return { ...unknown, check: failed("file", what, "warren validate shows all that is wrong.") };
    }
    return { ...unknown, check: refused("file", error, "warren init writes a first one.") };
  }
}

/** Credentials and account, as far as they can be judged without asking. */
function checkAccess(options: DoctorOptions, fileAccountId: string | null, io: Io): readonly Check[] {
  const attempts = {
    credentials: () => {
      const { credentials } = readCredentials(io.env);
      return "token" in credentials ? "an API token is set" : "a global API key is set";
    },
    account: () => chooseAccount(fileAccountId, options.accountId, io.env),
  };
  return Object.entries(attempts).map(([check, attempt]) => {
    try {
      return passed(check, attempt());
    } catch (error) {
      return refused(check, error, null);
    }
  });
}

async function checkApi(run: Run<DoctorOptions>, file: FileCheck): Promise<readonly Check[]> {
  let session: Session;
  try {
    session = await openSession(run, file.accountId);
  } catch (error) {
    return [refused("api", error, null)];
  }
  try {
    const permissions = await run.waiting.reading(
      "Asking the account",
      checkPermissions(file.kinds, session),
    );
    const silent = permissions.find(({ error }) => error !== null && error.status === null)?.error;
    if (silent !== undefined && silent !== null) {
      return [unanswered(silent)];
    }
    return [
      passed("api", "it answers"),
      ...permissions.map(({ check }) => check),
      ...checkClock(session, run.io),
    ];
  } finally {
    await session.close();
  }
}

/** One request for each kind, by a name that nothing has. */
function checkPermissions(
  needed: readonly string[],
  { client }: Session,
): Promise<readonly { readonly check: Check; readonly error: ApiError | null }[]> {
  const asked = kinds.filter(({ kind, partOf }) => needed.includes(kind) && partOf === undefined);
  return Promise.all(
    asked.map(async (asking) => {
      const { kind, card } = asking;
      const name = `${card.permission}: Read (${kind})`;
      try {
        // What goes by no name is not found by one.
        await (asking.within === undefined && asking.identityOf === undefined
          ? asking.find(client, { name: "warren-doctor", spec: {} })
          : asking.list(client));
        return {
          check: passed("permission", `${name}; Edit shows only when something is written`),
          error: null,
        };
      } catch (error) {
        if (!(error instanceof ApiError)) {
          throw error;
        }
        const words = toText(apiErrorWords(error));
        return { check: failed("permission", name, words), error };
      }
    }),
  );
}

function unanswered(error: ApiError): Check {
  return failed(
    "api",
    toText(apiErrorWords(error)),
    "Look at the network, HTTPS_PROXY and CLOUDFLARE_BASE_URL.",
  );
}

/** The `Date` of an answer has whole seconds, and is a little old. */
function checkClock({ apiClock }: Session, { clock }: Io): readonly Check[] {
  const date = apiClock.latest();
  const off = date === null ? 0 : clock.now() - date;
  if (Math.abs(off) <= CLOCK_TOLERANCE) {
    return [passed("clock", date === null ? "the API tells no time" : "as the API's")];
  }
  const what = `${Math.round(Math.abs(off) / 1_000)} s ${off > 0 ? "ahead of" : "behind"} the API's.`;
  return [{ check: "clock", status: "warning", what, cure: "Set this machine's clock (NTP)." }];
}

function passed(check: string, what: string): Check {
  return { check, status: "ok", what, cure: null };
}

function failed(check: string, what: string, cure: string | null): Check {
  return { check, status: "failed", what, cure };
}

/** What a command would refuse with, whose sentences after the first say what to do. */
function refused(check: string, error: unknown, cure: string | null): Check {
  if (!(error instanceof UserError)) {
    throw error;
  }
  const [, what = error.message, rest = null] = /^(.*?\.) (.*)$/s.exec(error.message) ?? [];
  return failed(check, what, rest ?? cure);
}
