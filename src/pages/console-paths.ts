/** The page of the console, which also answers the paths of its views. */
export const CONSOLE = '/console';
/** The files that it loads. */
export const ASSETS = `${CONSOLE}/assets/`;
