/** Where the page says which style sheet the screens other than the first need. */
const META = 'meta[name="screen-styles"]';

let loaded: Promise<void> | undefined;

/** Loads a screen, and with it the styles that the first screen does without. */
export function styled<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    loaded ??= loadStyles();
    const [module] = await Promise.all([load(), loaded]);
    return module;
  };
}

/** @throws Error if the style sheet cannot be loaded; the next call tries again */
async function loadStyles(): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = document.querySelector<HTMLMetaElement>(META)?.content ?? '';
  try {
    await new Promise((resolve, reject) => {
      link.addEventListener('load', resolve);
      link.addEventListener('error', () => reject(new Error('the styles cannot be loaded')));
      document.head.append(link);
    });
  } catch (error) {
    link.remove();
    loaded = undefined;
    throw error;
  }
}
