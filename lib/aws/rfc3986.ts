/** A text with everything escaped but the unreserved characters of RFC 3986, as AWS signs it. */
export const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
