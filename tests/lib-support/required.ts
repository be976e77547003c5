/** The value of an environment variable that `npm test` sets for all tests. */
export function required(
  name: 'DATABASE_URL' | 'RABBITMQ_URL' | 'RABBITMQ_MANAGEMENT_URL' | 'TEMPORAL_ADDRESS',
): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run the tests with "npm test", which starts the test stack and sets it`);
  return value;
}
