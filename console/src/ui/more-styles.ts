let loading: Promise<void> | undefined;

/**
 * A part of the console that is loaded later, once the styles are loaded that the first screen does
 * not need. Every part waits for them, unless what imports it has waited.
 */
export async function withMoreStyles<Part>(imported: Promise<Part>): Promise<Part> {
  const [part] = await Promise.all([imported, moreStyles()]);
  return part;
}

function moreStyles(): Promise<void> {
  loading ??= new Promise((done, failed) => {
    const { content } = document.querySelector<HTMLMetaElement>('meta[name="more-styles"]') ?? {};
    if (content === undefined) throw new Error('the page does not name its styles');
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = content;
    link.onload = () => done();
    link.onerror = () => {
      // Asked for again with the next part.
      loading = undefined;
      link.remove();
      failed(new Error('styles could not be loaded'));
    };
    document.head.append(link);
  });
  return loading;
}
