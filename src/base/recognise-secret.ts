const CREDENTIAL = /^(?:CLOUDFLARE_API_.*|GITHUB_TOKEN|ACTIONS_.*|CI_JOB_TOKEN)$/i;

/**
 * Whether a variable of this name belongs to the account's or the CI's own credentials. In any case: on Windows a
 * variable is found in any.
 */
export function isCredentialName(variable: string): boolean {
  return CREDENTIAL.test(variable);
}

/** Every credential of the account's or the CI's own that an environment holds, whether it is used or not. */
export function credentialsIn(env: { readonly [name: string]: string | undefined }): readonly string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    // What else begins so (a base URL, a switch) is no secret.
    const isSecret = isCredentialName(name) && /(?:TOKEN|KEY)$/i.test(name);
    return isSecret && value.trim() !== "" ? [value.trim()] : [];
  });
}

/** As long as 32 bytes are in base64 without padding. No API takes a shorter secret for a tunnel. */
const ENCODED = /^[A-Za-z0-9+/_-]{43,}={0,2}$/;

/**
 * Whether a text is likely to be a secret that was put where a variable's name or a path belongs: base64 or hex of at
 * least 32 bytes. A path with a dot in it (`./…`) never is. Of base64 without padding one in a thousand is missed.
 */
export function looksLikeSecret(text: string): boolean {
  const run = text.replace(/\s+/g, "");
  if (!ENCODED.test(run)) {
    return false;
  }
  return run.endsWith("=") || /^[0-9a-f]+$/i.test(run) || changesOf(run) > run.length / 3;
}

/** How often small letters, capitals and digits give way to each other: in words and names, seldom. */
function changesOf(run: string): number {
  const sorts = run
    .replace(/[^A-Za-z0-9]/g, "")
    .replace(/[a-z]+/g, "a")
    .replace(/[A-Z]+/g, "A")
    .replace(/[0-9]+/g, "0");
  return sorts.length - 1;
}
