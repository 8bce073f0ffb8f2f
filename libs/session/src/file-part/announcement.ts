/** Tells the model that what follows is a file that the user attached. @param input as the read tool takes it */
export const announceRead = (input: { filePath: string; offset?: number; limit?: number }) =>
  `The user attached a file; this is the read tool called with ${JSON.stringify(input)}:`;
