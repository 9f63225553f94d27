import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface FakePost {
  readonly id: number;
  readonly body: string;
  readonly author: string;
  readonly title?: string;
  readonly labels?: readonly string[];
  readonly state?: string;
}

/** As much of GitHub's REST API as the action calls, on loopback: one repository, one pull request. */
export interface FakeGitHub {
  readonly url: string;
  readonly comments: FakePost[];
  readonly issues: FakePost[];
  /** `METHOD path` of each request, in order. */
  readonly requests: string[];
  /** Every `authorization` that was seen. */
  readonly tokens: Set<string>;
  /** Answers each request with this status, where it is set. */
  status: number | null;
}

const AUTHOR = "github-actions[bot]";

/** Serves it until the test ends. */
export async function fakeGitHub(): Promise<FakeGitHub> {
  const fake: FakeGitHub = {
    url: "",
    comments: [],
    issues: [],
    requests: [],
    tokens: new Set(),
    status: null,
  };
  let last = 100;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request);
    const { method = "", url = "" } = request;
    fake.requests.push(`${method} ${url}`);
    fake.tokens.add(request.headers.authorization ?? "");
    const [status, reply] =
      fake.status === null
        ? handle(method, new URL(url, "http://x"), body)
        : [fake.status, { message: "no" }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(reply));
  };
  const handle = (method: string, url: URL, body: Partial<FakePost>): readonly [number, unknown] => {
    const path = url.pathname.replace("/repos/acme/infra", "");
    const page = (posts: readonly FakePost[]) => {
      const [size, number] = [Number(url.searchParams.get("per_page")), Number(url.searchParams.get("page"))];
      return posts.slice((number - 1) * size, number * size).map(rowOf);
    };
    const change = (posts: FakePost[], id: number) => {
      const at = posts.findIndex((post) => post.id === id);
      const post = posts[at];
      if (post === undefined) {
        return [404, {}] as const;
      }
      posts[at] = { ...post, ...body };
      return [200, rowOf(post)] as const;
    };
    const create = (posts: FakePost[]) => {
      last += 1;
      posts.push({ body: "", ...body, id: last, author: AUTHOR, state: "open" });
      return [201, { id: last, number: last }] as const;
    };
    const commentId = /^\/issues\/comments\/(\d+)$/.exec(path)?.[1];
    const issueNumber = /^\/issues\/(\d+)$/.exec(path)?.[1];
    switch (`${method} ${path}`) {
      case "GET /issues/7/comments":
        return [200, page(fake.comments)];
      case "POST /issues/7/comments":
        return create(fake.comments);
      case "GET /issues":
        return [200, page(fake.issues.filter(({ state }) => state === url.searchParams.get("state")))];
      case "POST /issues":
        return create(fake.issues);
      default:
        if (method === "PATCH" && commentId !== undefined) {
          return change(fake.comments, Number(commentId));
        }
        if (method === "PATCH" && issueNumber !== undefined) {
          return change(fake.issues, Number(issueNumber));
        }
        return [404, { message: `no ${method} ${path}` }];
    }
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, { url: `http://127.0.0.1:${port}` });
}

function rowOf({ id, body, author, title, state }: FakePost): object {
  return { id, number: id, body, user: { login: author }, title, state };
}

async function readBody(request: IncomingMessage): Promise<Partial<FakePost>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Partial<FakePost>);
}
