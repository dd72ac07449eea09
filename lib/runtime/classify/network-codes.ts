import { ErrorClass } from "../../contract/index.ts";
import type { Names } from "./names.ts";

/** Codes of Node.js (`errno`, `dns`, `http2`), of undici, which is behind `fetch`, and of the other HTTP clients; names of aborted operations. */
export const NETWORK_CODES: Names = {
  [ErrorClass.Transient]: [
    ...["ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ESOCKETTIMEDOUT", "ETIMEDOUT"],
    ...["EADDRNOTAVAIL", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETRESET", "ENETUNREACH", "EMFILE", "ENFILE"],
    ...["EAI_AGAIN", "EAI_FAIL", "ENODATA", "ENOTFOUND", "ESERVFAIL", "ETIMEOUT"],
    ...["ERR_HTTP2_ERROR", "ERR_HTTP2_GOAWAY_SESSION", "ERR_HTTP2_INVALID_SESSION", "ERR_HTTP2_SESSION_ERROR"],
    ...["ERR_HTTP2_STREAM_CANCEL", "ERR_HTTP2_STREAM_ERROR", "ERR_STREAM_PREMATURE_CLOSE"],
    ...["ERR_SOCKET_CONNECTION_TIMEOUT", "ERR_TLS_HANDSHAKE_TIMEOUT"],
    ...["UND_ERR_ABORTED", "UND_ERR_BODY_TIMEOUT", "UND_ERR_CLOSED", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_DESTROYED"],
    ...["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_REQUEST_TIMEOUT", "UND_ERR_SOCKET", "UND_ERR_SOCKET_TIMEOUT"],
    ...["ABORT_ERR", "Abort", "ERR_CANCELED"],
  ],
};
