let loading: Promise<void> | undefined;

/**
 * Loads the styles that the first screen does not need. The build makes every other screen wait for
 * them.
 */
export function moreStyles(): Promise<void> {
  loading ??= new Promise((done, failed) => {
    const { content } = document.querySelector<HTMLMetaElement>('meta[name="more-styles"]') ?? {};
    if (content === undefined) throw new Error('the page does not name its styles');
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = content;
    link.onload = () => done();
    link.onerror = () => {
      // Asked for again with the next screen.
      loading = undefined;
      link.remove();
      failed(new Error('styles could not be loaded'));
    };
    document.head.append(link);
  });
  return loading;
}
