/** As `fetch`, as far as it is needed: an address, and a body that is a text. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;
