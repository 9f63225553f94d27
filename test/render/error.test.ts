import { describe, expect, test } from "vitest";
import { apiErrorWords } from "../../src/render/words/error.ts";
import { toText } from "../../src/render/words/sentence.ts";
import { API_ERRORS, apiError, CUT, HINTED, uuid } from "./corpus.ts";
import { expectGolden } from "./golden.ts";

const shown = (error: Parameters<typeof apiErrorWords>[0]) => toText(apiErrorWords(error));

describe("apiErrorWords", () => {
  test("every failure and every hint reads well", async () => {
    const all = { ...API_ERRORS, interrupted_under_way: CUT, ...HINTED };
    const text = Object.entries(all).map(([code, error]) => `${code}\n    ${shown(error)}\n`);
    await expectGolden("api-errors.txt", text.join("\n"));
  });

  test.each([
    ["GET", "/cfd_tunnel", "Account > Cloudflare Tunnel: Read"],
    ["GET", "/tunnels", "Account > Cloudflare Tunnel: Read"],
    ["PATCH", `/cfd_tunnel/${uuid(1)}`, "Account > Cloudflare Tunnel: Edit"],
    ["GET", "/warp_connector", "Account > Cloudflare One Connector: WARP: Read"],
    ["GET", "/zones", "Zone > Zone: Read"],
    ["GET", "/zones/0123/dns_records", "Zone > DNS: Read"],
    ["PATCH", "/zones/0123/dns_records/4567", "Zone > DNS: Edit"],
    ["DELETE", `/warp_connector/${uuid(1)}`, "Account > Cloudflare One Connector: WARP: Edit"],
  ])("%s %s needs %s", (method, path, permission) => {
    const error = apiError("refused", { method, path, status: 403, hint: "missing_permission" });
    expect(shown(error)).toContain(permission);
  });

  test("reading a token needs the permission to write", () => {
    expect(shown(HINTED.token_needs_write)).toContain("WARP: Edit");
  });

  test("the request is named once, the client's message follows it", () => {
    expect(shown(API_ERRORS.network)).toBe(
      "The network gave no whole answer to GET /cfd_tunnel: no connection (ECONNREFUSED).",
    );
  });

  test("an answer without words ends the sentence early", () => {
    const nothing = { status: 503, what: "" };
    expect(shown(apiError("server", nothing))).toBe(
      "Cloudflare failed to answer GET /cfd_tunnel (HTTP 503).",
    );
    const empty = { ...nothing, errors: [{ code: null, message: " " }] };
    expect(shown(apiError("server", empty))).toBe("Cloudflare failed to answer GET /cfd_tunnel (HTTP 503).");
    const code = { ...nothing, errors: [{ code: 1000, message: "" }] };
    expect(shown(apiError("server", code))).toBe(
      "Cloudflare failed to answer GET /cfd_tunnel (HTTP 503): code 1000.",
    );
  });

  test("what the API wrote stays on one line and shows its control characters", () => {
    const errors = [{ code: 1000, message: "bad\n::error::\u001b[2J" }];
    const text = shown(apiError("refused", { status: 400, errors }));
    expect(text).toContain(String.raw`bad\x0a::error::\x1b[2J (code 1000).`);
  });
});
