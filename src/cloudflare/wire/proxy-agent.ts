/**
 * undici's agent for proxies, for `import()`: by itself that would hand over only what a package of CommonJS exports as
 * a whole once the program is bundled.
 */
export { EnvHttpProxyAgent } from "undici";
