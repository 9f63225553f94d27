import { StateFileError } from "../../simulator/state/format.ts";
import { errorCode, whyUnreadable } from "../files/file-error.ts";
import { EXIT, UserError } from "../user-error.ts";

/** Starts a sandbox, or ends it; what keeps it from that is the user's to mend. */
export async function explainSandbox<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StateFileError) {
      // A served sandbox is ended by an interruption, so this one is no news, and the failure is.
      throw new UserError("sandbox_state", `The sandbox cannot use its state file: ${error.message}`, {
        exitCode: EXIT.failed,
      });
    }
    switch (errorCode(error)) {
      case "EADDRINUSE":
        throw new UserError(
          "port_in_use",
          "The port is in use already. Choose another with --port, or 0 for a free one.",
        );
      case "EACCES":
      case "EPERM":
      case "EROFS":
      case "ENOTDIR":
        throw new UserError("sandbox_state", `The sandbox cannot start: ${whyUnreadable(error)}.`);
      default:
        throw error;
    }
  }
}
