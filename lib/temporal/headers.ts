/**
 * The one header that follows a piece of work from the client through the workflow into its activities.
 * It stands in every history, so neither its name nor its fields change.
 */
export const contextHeader = 'context';
