import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";

test("schema prints the JSON Schema of the file", async () => {
  const { code, stdout, stderr } = await runCli(["schema"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ title: "tunnels.yaml", required: ["version"] });
});
