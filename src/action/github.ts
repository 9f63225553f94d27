/** A comment or an issue, as far as it is looked at. */
export interface Post {
  readonly number: number;
  readonly body: string;
  readonly author: string;
}

/** The few calls to GitHub's REST API that the action makes. Each throws `GitHubError` when GitHub says no. */
export interface GitHub {
  comments(pullRequest: number): Promise<readonly Post[]>;
  createComment(pullRequest: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
  /** Open issues that bear the label; pull requests are none. */
  issues(label: string): Promise<readonly Post[]>;
  createIssue(issue: {
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }): Promise<void>;
  updateIssue(number: number, change: { readonly body?: string; readonly state?: "closed" }): Promise<void>;
}

/** GitHub refused a request, or gave no answer. Holds no token. */
export class GitHubError extends Error {
  override readonly name = "GitHubError" as const;
}

const PER_PAGE = 100;
/** A pull request with more comments than this is not searched to its end. */
const MOST_PAGES = 50;

/** `repository` is `owner/name`. The token goes to `apiUrl` and nowhere else. */
export function createGitHub(options: {
  readonly apiUrl: string;
  readonly repository: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}): GitHub {
  const { token, fetch } = options;
  const [owner = "", name = ""] = options.repository.split("/");
  const base = `${safeUrl(options.apiUrl)}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;

  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    let answer: Response;
    try {
      answer = await fetch(`${base}${path}`, {
        method,
        redirect: "error",
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "user-agent": "warren-action",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
    } catch {
      throw new GitHubError(`${method} ${path}: no answer`);
    }
    if (!answer.ok) {
      throw new GitHubError(
        `${method} ${path}: HTTP ${answer.status}${answer.status === 403 ? ", so the token probably lacks the permission" : ""}`,
      );
    }
    try {
      return await answer.json();
    } catch {
      throw new GitHubError(`${method} ${path}: the answer is no JSON`);
    }
  };

  const list = async (path: string, idField: "id" | "number"): Promise<readonly Post[]> => {
    const posts: Post[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const rows = await send("GET", `${path}per_page=${PER_PAGE}&page=${page}`);
      if (!Array.isArray(rows)) {
        throw new GitHubError(`GET ${path}: the answer is no list`);
      }
      posts.push(...rows.flatMap((row) => postOf(row, idField)));
      if (rows.length < PER_PAGE) {
        break;
      }
    }
    return posts;
  };

  return {
    comments: (pullRequest) => list(`/issues/${pullRequest}/comments?`, "id"),
    createComment: async (pullRequest, body) => {
      await send("POST", `/issues/${pullRequest}/comments`, { body });
    },
    updateComment: async (id, body) => {
      await send("PATCH", `/issues/comments/${id}`, { body });
    },
    issues: (label) => list(`/issues?state=open&labels=${encodeURIComponent(label)}&`, "number"),
    createIssue: async (issue) => {
      await send("POST", "/issues", issue);
    },
    updateIssue: async (number, change) => {
      await send("PATCH", `/issues/${number}`, change);
    },
  };
}

function postOf(row: unknown, idField: "id" | "number"): readonly Post[] {
  if (!isRow(row) || "pull_request" in row) {
    return [];
  }
  const { [idField]: number, body, user } = row;
  const author = isRow(user) ? user["login"] : undefined;
  return typeof number === "number" && typeof author === "string"
    ? [{ number, author, body: typeof body === "string" ? body : "" }]
    : [];
}

function isRow(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** https, or this very machine for a test. */
function safeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback =
    url?.hostname === "127.0.0.1" || url?.hostname === "[::1]" || url?.hostname === "localhost";
  if (url === null || (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))) {
    throw new GitHubError("GITHUB_API_URL is no https URL");
  }
  return text.replace(/\/+$/, "");
}
