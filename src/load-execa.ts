/** What starts processes, loaded when one is to be started: it is a hundred modules, and most commands start none. */
export async function loadExeca() {
  return (await import('execa')).execa;
}
