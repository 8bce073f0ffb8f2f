/** Opens a page in the browser of the person. It is always told where, for those whose browser is elsewhere. */
export async function openPage(url: string): Promise<void> {
  console.error(`Open ${url}`);
  if (!(await openBrowser(url))) console.error('No browser could be opened here.');
}

/** Whether it could be opened, as far as one can tell. */
async function openBrowser(url: string): Promise<boolean> {
  const [{ Browser, NodeProcessRunner }, { processEnvironment }] = await Promise.all([
    import('#libs/extension'),
    import('./process-environment.js'),
  ]);
  return new Browser(new NodeProcessRunner(), processEnvironment()).open(url);
}
