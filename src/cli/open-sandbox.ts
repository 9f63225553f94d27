import type { Sandbox } from "../simulator/serve.ts";
import { StateFileError } from "../simulator/state-format.ts";
import { errorCode, whyUnreadable } from "./file-error.ts";
import { UserError } from "./user-error.ts";

/** Starts a sandbox; what keeps it from starting is the user's to mend. */
export async function openSandbox(serve: () => Promise<Sandbox>): Promise<Sandbox> {
  try {
    return await serve();
  } catch (error) {
    if (error instanceof StateFileError) {
      throw new UserError("sandbox_state", `The sandbox cannot use its state file: ${error.message}`);
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
