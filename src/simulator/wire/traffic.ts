/** What went over the wire, for a test that looks from the server's side. */
export interface TrafficCounts {
  /** Requests of the API, those included that a fault kept from being carried out. */
  readonly requests: number;
  /** By endpoint, as `GET /cfd_tunnel/{id}`. */
  readonly by_endpoint: { readonly [endpoint: string]: number };
  /** Answered with 429 by the rate limit. */
  readonly rate_limited: number;
  /** Requests whose answer has not ended, and the most at once: counted by the adapters, not by `handle`. */
  readonly in_flight: number;
  readonly most_in_flight: number;
  /** Connections opened to the server. */
  readonly connections: number;
}

export class Traffic {
  #byEndpoint = new Map<string, number>();
  #requests = 0;
  #rateLimited = 0;
  #inFlight = 0;
  #mostInFlight = 0;
  #connections = 0;

  count(endpoint: string): void {
    this.#requests += 1;
    this.#byEndpoint.set(endpoint, (this.#byEndpoint.get(endpoint) ?? 0) + 1);
  }

  countRateLimited(): void {
    this.#rateLimited += 1;
  }

  countConnection(): void {
    this.#connections += 1;
  }

  /** A request is under way. Returns what to call at its end; calls after the first do nothing. */
  begin(): () => void {
    this.#inFlight += 1;
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inFlight);
    let isOpen = true;
    return () => {
      if (isOpen) {
        this.#inFlight -= 1;
      }
      isOpen = false;
    };
  }

  /** Starts the counts again; what is in flight stays so. */
  reset(): void {
    this.#byEndpoint = new Map();
    this.#requests = 0;
    this.#rateLimited = 0;
    this.#mostInFlight = this.#inFlight;
    this.#connections = 0;
  }

  counts(): TrafficCounts {
    return {
      requests: this.#requests,
      by_endpoint: Object.fromEntries([...this.#byEndpoint].sort(([a], [b]) => (a < b ? -1 : 1))),
      rate_limited: this.#rateLimited,
      in_flight: this.#inFlight,
      most_in_flight: this.#mostInFlight,
      connections: this.#connections,
    };
  }
}
