import { expect, it } from "vitest";
import { expectDescribed } from "./support/described.ts";

const answer = (result: unknown) => ({ success: true, errors: [], messages: [], result });
const PATH = "/accounts/0123/teamnet/virtual_networks";
const network = {
  id: "00000000-0000-4000-8000-000000000000",
  name: "blue",
  comment: "",
  is_default_network: false,
  created_at: "2026-11-25T08:00:00.000000Z",
  deleted_at: null,
};

it("takes what the description has, and what it does not speak of", () => {
  expectDescribed("GET", `${PATH}?name=blue`, answer([network]));
  expectDescribed("GET", "/accounts/0123/elsewhere", answer(1));
});

it.each([
  ["a field that lacks", { ...network, comment: undefined }],
  ["a field of another type", { ...network, is_default_network: "no" }],
  ["an id of another form", { ...network, id: "blue" }],
  ["no list", network],
])("refuses %s", (_, result) => {
  const rows = result === network ? result : [result];
  expect(() => expectDescribed("GET", PATH, answer(rows))).toThrow(PATH);
});
