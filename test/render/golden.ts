import { expect } from "vitest";

/** Holds a text against `golden/<name>`. Read a changed golden file as a user would before it is committed. */
export async function expectGolden(name: string, text: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(`golden/${name}`);
}
