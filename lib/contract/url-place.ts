/** Where a property of the input stands in the URL of an HTTP tool: `{orderId}`. */
export const URL_PLACE = /\{([^{}]*)\}/g;
