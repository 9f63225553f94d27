import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createRedactor } from "../../src/base/redact.ts";
import { blockedAnnotations, renderAnnotations } from "../../src/render/annotations.ts";
import {
  apiErrorItem,
  errorsDocument,
  planDocument,
  reportDocument,
  toJson,
} from "../../src/render/json/json.ts";
import { renderMarkdown } from "../../src/render/markdown/plan.ts";
import { renderPlan } from "../../src/render/text/plan.ts";
import { blockedRefusal } from "../../src/render/words/refusal.ts";
import { renderReport } from "../../src/render/text/report.ts";
import { createStyle } from "../../src/render/text/style.ts";
import { apiError, at, BLOCKED_REASONS, blocked, create, plan, STAMP } from "./corpus.ts";

const style = createStyle(false);

// Secrets are redacted where text leaves the program, after it was rendered: so the redactor must know them in every
// dress that a renderer of ours can give them.
test("a secret that the account or the API echoes is found in what every renderer makes of it", () => {
  for (let round = 0; round < 50; round += 1) {
    const bytes = randomBytes(32);
    for (const secret of [
      bytes.toString("base64"),
      bytes.toString("base64url"),
      `v1.0-${bytes.toString("hex")}`,
    ]) {
      const redactor = createRedactor();
      redactor.add(secret);
      for (const text of [secret, `name ${secret}`, `"${secret}"`, `/${secret}\u001b`, `${secret}##`]) {
        const outputs = everyOutput(text);
        for (const output of outputs) {
          const shown = redactor.redact(output);
          expect(shown).not.toContain(secret.slice(0, 12));
          expect(shown).not.toContain(secret.slice(12, 24));
          expect(shown.split("(secret)").length).toBeGreaterThan(1);
        }
      }
    }
  }
});

function everyOutput(text: string): readonly string[] {
  const error = apiError("refused", { status: 400, errors: [{ code: 1030, message: text }] });
  const stop = blocked(BLOCKED_REASONS.live, { name: text });
  const one = plan({ changes: [create({ name: text })], blocked: [stop] });
  const report = {
    outcomes: [{ status: "failed", change: create(), id: null, failure: { code: "api", error } }],
    verification: { verified: false, because: "unreadable", error },
  } as const;
  return [
    renderPlan(one, { style, showUnmanaged: true, reasons: true, width: null }),
    renderMarkdown(one, { title: "Plan", showUnmanaged: true }),
    renderReport(report, { style, width: null, sameAccount: [] }),
    blockedRefusal(one, ["warren", "apply"])?.text ?? "",
    renderAnnotations([...blockedAnnotations([stop]), { message: "x", location: at(1, text) }]),
    toJson(planDocument(one, "023e", STAMP)),
    toJson(reportDocument(report, "023e", STAMP)),
    toJson(errorsDocument([apiErrorItem(error)])),
  ];
}
