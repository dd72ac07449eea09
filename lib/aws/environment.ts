/** An environment variable that the deployment sets. @throws when it is missing. */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") {
    throw new Error(`The environment variable ${name} is not set. It is set by the stack that deploys this function.`);
  }
  return value;
}
